package research

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// called are the ways in which somebody may be on record: by their names, and by
// each other one.
func (p Party) called() []people.Details {
	out := []people.Details{p.Details}
	for _, a := range p.Aliases {
		d := p.Details
		words := strings.Fields(a)
		switch len(words) {
		case 0:
			continue
		case 1:
			d.GivenName = words[0]
		default:
			d.GivenName, d.FamilyName = strings.Join(words[:len(words)-1], " "), words[len(words)-1]
		}
		d.KnownAs = ""
		out = append(out, d)
	}
	return out
}

// Name is what somebody is called on pages.
func (p Party) Name() string { return p.Details.Name() }

// LogValue implements [slog.LogValuer].
func (Party) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Row is a line as the list shows it: it names nobody.
type Row struct {
	ID       AskID
	Marac    string // agency
	Name     string // of the MARAC
	Meeting  marac.MeetingID
	Starts   time.Time
	Number   string
	Urgent   bool
	People   int
	Due      time.Time
	Looked   time.Time // zero while nobody has
	Draft    Known     // what was found, not sent yet
	Answer   Known     // what was sent last
	Answered time.Time
	Holder   string // account of the colleague whom it was handed to
	Chased   int    // how often the coordinator asked again
	Version  int64
}

// Path is the address of the line.
func (r Row) Path() string { return Path + "/lines/" + string(r.ID) }

// Path is where lines are.
const Path = "/research"

// Overdue tells whether an answer is late.
func (r Row) Overdue(now time.Time) bool { return r.Answer == "" && !now.Before(r.Due) }

const rowColumns = `a.id, a.marac_id, g.name, a.meeting_id, m.starts_at, a.number, a.urgent, a.people, a.due_at, a.looked_at, a.draft, a.answer, a.answered_at, a.holder, a.version,
	(SELECT COUNT(*) FROM marac_chase h WHERE h.agency_id = a.agency_id AND h.marac_id = a.marac_id AND h.meeting_id = a.meeting_id)`

const rowFrom = ` FROM marac_ask a JOIN agency g ON g.id = a.marac_id JOIN marac_meeting m ON m.agency_id = a.marac_id AND m.id = a.meeting_id WHERE `

func scanRow(rows *sql.Rows, r *Row, more ...any) error {
	var looked, answered sql.NullTime
	err := rows.Scan(append([]any{&r.ID, &r.Marac, &r.Name, &r.Meeting, &r.Starts, &r.Number, &r.Urgent, &r.People, &r.Due, &looked, &r.Draft, &r.Answer, &answered, &r.Holder, &r.Version, &r.Chased}, more...)...)
	r.Looked, r.Answered = looked.Time, answered.Time
	return err
}

// rowsMost bounds a list: the cases of many meetings.
const rowsMost = 500

func (s *Service) openLines(actor policy.Actor, scope store.Fragment, now time.Time, meeting marac.MeetingID) *store.Where {
	w := &store.Where{}
	w.And(store.Fragment{SQL: "a.agency_id = $1 AND a.state = 'open' AND a.close_at > $2 AND " + onList, Args: []any{actor.Agency, now}})
	if meeting != "" {
		w.And(store.Fragment{SQL: "a.meeting_id = $1", Args: []any{string(meeting)}})
	}
	w.And(scope)
	return w
}

// List are the lines of the actor, of one meeting or of all, in the order of the
// meetings and of the numbers of the cases. They name nobody.
func (s *Service) List(ctx context.Context, actor policy.Actor, meeting marac.MeetingID) ([]Row, error) {
	now := store.Moment(s.cases.DB().Clock()())
	scope, permit, err := s.guard.List(ctx, actor, ActList, Mapping(now.In(s.zone)), string(cases.Sharing))
	if err != nil {
		return nil, err
	}
	var out []Row
	var shown []audit.Subject
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		w := s.openLines(actor, scope, tx.Now(), meeting)
		where, _ := w.SQL()
		return store.Each(ctx, tx, "SELECT "+rowColumns+rowFrom+where+" ORDER BY m.starts_at, a.number, a.id LIMIT "+w.Arg(rowsMost), w.Args(), func(rows *sql.Rows) error {
			var r Row
			err := scanRow(rows, &r)
			out, shown = append(out, r), append(shown, r.ID.Subject())
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if len(shown) == 0 && meeting != "" {
		return nil, s.notAsked(ctx, actor, ActList, meeting)
	}
	if len(shown) == 0 {
		shown = []audit.Subject{{Kind: "agency", ID: actor.Agency}}
	}
	return out, permit.Show(ctx, shown...)
}

// notAsked refuses a meeting that asks nothing of the actor, and records it: the
// answer and the entry are those of one that never was.
func (s *Service) notAsked(ctx context.Context, actor policy.Actor, action policy.Action, meeting marac.MeetingID) error {
	nobodys := policy.Resource{Type: "MaracAsk", ID: string(meeting), Attrs: policy.Attrs{"agency": "", "sits": []string{}, "holder": "", "tied": []string{}, "alone": false, "open": false}}
	if _, err := s.guard.Open(ctx, actor, action, nobodys, string(cases.Sharing), false, meeting.Subject()); err != nil {
		return err
	}
	return store.ErrNotFound
}

// Line is what an agency is asked about one case, opened. Holding one is proof that
// the actor was judged: only [Service.Open] and [Service.Names] make them.
type Line struct {
	Row
	Case    marac.CaseID
	Who     []Party
	Draft   Draft
	File    cases.ID // of the agency's own that it was found in
	agency  string
	answers string // the return that was sent last
	attrs   policy.Attrs
	permit  audit.Permit
}

// Actor is who opened it.
func (l *Line) Actor() policy.Actor { return l.permit.Actor() }

// LogValue implements [slog.LogValuer].
func (*Line) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func (l *Line) resource() policy.Resource {
	return policy.Resource{Type: "MaracAsk", ID: string(l.ID), Attrs: l.attrs}
}

func (l *Line) subjects() []audit.Subject {
	out := []audit.Subject{l.ID.Subject(), l.Case.Subject()}
	if l.File != "" {
		out = append(out, l.File.Subject())
	}
	return out
}

// Open opens one line with the names. To whoever may not see it, it is not there:
// the refusal is recorded, and the error is that of one that never was.
func (s *Service) Open(ctx context.Context, actor policy.Actor, id AskID) (*Line, error) {
	var row researchdb.AskByIDRow
	l := &Line{}
	err := s.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := researchdb.New(tx)
		if row, err = q.AskByID(ctx, string(id)); errors.Is(err, sql.ErrNoRows) {
			row, err = researchdb.AskByIDRow{ID: string(id)}, nil // judged, recorded and answered as somebody else's is
		}
		if err != nil {
			return err
		}
		l.attrs, err = s.facts(ctx, tx, row.AgencyID, row.MaracID, row.ID, row.Holder, row.Stands == 1 && tx.Now().Before(row.CloseAt))
		return err
	})
	if err != nil {
		return nil, err
	}
	l.Row = Row{
		ID: AskID(row.ID), Marac: row.MaracID, Name: row.Marac, Meeting: marac.MeetingID(row.MeetingID), Starts: row.StartsAt, Number: row.Number, Urgent: row.Urgent, People: int(row.People),
		Due: row.DueAt, Looked: row.LookedAt.Time, Draft: Known(row.Draft), Answer: Known(row.Answer), Answered: row.AnsweredAt.Time, Holder: row.Holder, Version: row.Version,
	}
	l.agency, l.Case, l.File, l.answers = row.AgencyID, marac.CaseID(row.CaseID), cases.ID(row.FileID), row.ReturnID
	if l.permit, err = s.guard.Open(ctx, actor, ActLook, l.resource(), string(cases.Sharing), false, l.ID.Subject()); err != nil {
		return nil, err
	}
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return l.unseal(ctx, tx, row.WhoSealed, row.DraftSealed)
	})
	if err != nil {
		return nil, err
	}
	if err := s.looked(ctx, actor, []*Line{l}); err != nil {
		return nil, err
	}
	return l, l.permit.Show(ctx, l.Case.Subject())
}

// facts is what rules ask of a line.
func (s *Service) facts(ctx context.Context, tx *store.Tx, agency, conference, ask, holder string, open bool) (policy.Attrs, error) {
	rows, err := researchdb.New(tx).AskFacts(ctx, researchdb.AskFactsParams{Marac: conference, Agency: agency, Today: s.today(tx), Ask: ask})
	sits, tied := []string{}, []string{}
	for _, r := range rows {
		if r.Fact == "sits" {
			sits = append(sits, r.Account)
		} else {
			tied = append(tied, r.Account)
		}
	}
	alone := !slices.ContainsFunc(sits, func(a string) bool { return !slices.Contains(tied, a) })
	return policy.Attrs{"agency": agency, "sits": sits, "holder": holder, "tied": tied, "alone": alone, "open": open}, err
}

func (l *Line) unseal(ctx context.Context, tx *store.Tx, who, draft []byte) error {
	if err := tx.Vault().OpenJSON(ctx, tx, place(l.agency, "marac_ask", "who_sealed", string(l.ID)), who, &l.Who); err != nil {
		return err
	}
	return tx.Vault().OpenJSON(ctx, tx, place(l.agency, "marac_ask", "draft_sealed", string(l.ID)), draft, &l.Draft)
}

// looked keeps who saw the names first, and when: the board shows it.
func (s *Service) looked(ctx context.Context, actor policy.Actor, lines []*Line) error {
	var ids []store.Fragment
	for _, l := range lines {
		if l.Looked.IsZero() {
			ids = append(ids, store.Fragment{SQL: "$1", Args: []any{string(l.ID)}})
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := store.Join([]store.Fragment{
			{SQL: "UPDATE marac_ask SET looked_at = $1, looked_by = $2 WHERE agency_id = $3 AND looked_at IS NULL AND id IN (", Args: []any{tx.Now(), actor.Account, actor.Agency}},
			store.Join(ids, ", "),
			{SQL: ")"},
		}, "")
		_, err := tx.ExecContext(ctx, q.SQL, q.Args...)
		return err
	})
}

// Names are the lines of one meeting with the names, all on one screen, for looking
// them up in another system. One entry of the ledger names them all.
func (s *Service) Names(ctx context.Context, actor policy.Actor, meeting marac.MeetingID) ([]*Line, error) {
	now := store.Moment(s.cases.DB().Clock()())
	scope, permit, err := s.guard.List(ctx, actor, ActLook, Mapping(now.In(s.zone)), string(cases.Sharing))
	if err != nil {
		return nil, err
	}
	var out []*Line
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		w := s.openLines(actor, scope, tx.Now(), meeting)
		where, _ := w.SQL()
		var who, drafts [][]byte
		query := "SELECT " + rowColumns + ", a.agency_id, a.case_id, a.file_id, a.return_id, a.who_sealed, a.draft_sealed" + rowFrom + where + " ORDER BY a.number, a.id LIMIT " + w.Arg(rowsMost)
		err := store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			l := &Line{permit: permit}
			var names, draft []byte
			err := scanRow(rows, &l.Row, &l.agency, &l.Case, &l.File, &l.answers, &names, &draft)
			out, who, drafts = append(out, l), append(who, names), append(drafts, draft)
			return err
		})
		for i := 0; err == nil && i < len(out); i++ {
			err = out[i].unseal(ctx, tx, who[i], drafts[i])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, s.notAsked(ctx, actor, ActLook, meeting)
	}
	shown := []audit.Subject{meeting.Subject()}
	for _, l := range out {
		shown = append(shown, l.ID.Subject(), l.Case.Subject())
	}
	if err := permit.Show(ctx, shown...); err != nil {
		return nil, err
	}
	return out, s.looked(ctx, actor, out)
}

// judge judges a finer action on a line that was opened.
func (s *Service) judge(ctx context.Context, l *Line, action policy.Action) (audit.Permit, error) {
	if l == nil || !l.permit.Valid() {
		return audit.Permit{}, audit.ErrNoPermit
	}
	if l.attrs == nil { // it came in a list, and is judged one by one before anything is done with it
		open := false
		err := s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
			row, err := researchdb.New(tx).AskByID(ctx, string(l.ID))
			if err != nil {
				return missing(err)
			}
			open = row.Stands == 1 && tx.Now().Before(row.CloseAt)
			l.attrs, err = s.facts(ctx, tx, row.AgencyID, row.MaracID, row.ID, row.Holder, open)
			return err
		})
		if err != nil {
			return audit.Permit{}, err
		}
	}
	return s.guard.Act(ctx, l.Actor(), action, l.resource(), true, l.ID.Subject())
}

// Hand hands a line to a colleague of the same agency, or takes it back (empty). It
// returns forms.Errors by the field holder, and [store.ErrConflict].
func (s *Service) Hand(ctx context.Context, l *Line, account string) error {
	permit, err := s.judge(ctx, l, ActHand)
	if err != nil {
		return err
	}
	tied, _ := l.attrs["tied"].([]string)
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if account != "" {
			agency, err := directory.AgencyOf(ctx, tx, account)
			if errors.Is(err, store.ErrNotFound) || err == nil && string(agency) != l.agency {
				return forms.Errors{{Field: "holder", Message: "Select somebody of your agency"}}
			}
			if err != nil {
				return err
			}
			if slices.Contains(tied, account) { // why is not said: it is theirs
				return forms.Errors{{Field: "holder", Message: "This line cannot go to them. Select somebody else"}}
			}
		}
		err := store.Changed(researchdb.New(tx).SetHolder(ctx, researchdb.SetHolderParams{AgencyID: l.agency, ID: string(l.ID), Holder: account, Version: l.Version}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActHand, "", l.ID.Subject())
	})
}

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// Waiting counts the lines of the actor that nobody has answered, and those of them
// that are late. It names no case.
func (s *Service) Waiting(ctx context.Context, actor policy.Actor) (open, overdue int, err error) {
	now := store.Moment(s.cases.DB().Clock()())
	scope, permit, err := s.guard.List(ctx, actor, ActList, Mapping(now.In(s.zone)), string(cases.Sharing))
	if err != nil || !permit.Valid() {
		return 0, 0, err
	}
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		w := s.openLines(actor, scope, tx.Now(), "")
		w.And(store.Fragment{SQL: "a.answer = ''"})
		where, _ := w.SQL()
		late := w.Arg(tx.Now())
		return store.Each(ctx, tx, "SELECT COUNT(*), COALESCE(SUM(CASE WHEN a.due_at <= "+late+" THEN 1 ELSE 0 END), 0) FROM marac_ask a WHERE "+where, w.Args(), func(rows *sql.Rows) error {
			return rows.Scan(&open, &overdue)
		})
	})
	return open, overdue, err
}
