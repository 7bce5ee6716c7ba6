package meeting

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting/meetingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Bounds of a section: some eight pages, and so many lines. They are a choice of this
// project; what is compared line by line must have an end.
const (
	textMost  = 20_000
	linesMost = 1_000
)

// aMark is what a page of ours makes up.
var aMark = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// ErrFrozen is returned for what is written into minutes that are approved.
var ErrFrozen = errors.New("the minutes are approved")

// ErrNotOpened is returned when the changes of minutes are asked for by somebody who
// has not opened them lately: opening is what is recorded.
var ErrNotOpened = errors.New("the minutes were not opened")

// Opened counts so long: no meeting is longer.
const opened = 12 * time.Hour

// Section is one section as it stands.
type Section struct {
	Case    marac.CaseID
	Name    Name
	Text    string
	Version int64 // 0: nothing was written yet
	Change  int64
	Apart   int // how many texts are kept beside it
	Saved   time.Time
	By      string // account
}

// Version is one text that was saved.
type Version struct {
	Number  int64
	Base    int64
	Own     bool // it was typed upon what its writer had typed in that version
	State   State
	Settled int64 // the version that settled one kept apart; 0 while none did
	Typed   string
	Text    string // what the section said from then on
	Saved   time.Time
	By      string
}

// Typing is what somebody typed into a section.
type Typing struct {
	Case marac.CaseID // empty for the meeting as a whole
	Name Name
	Text string
	Base int64 // the version that it was typed upon
	// Own says that it was typed upon what its writer had typed in that version,
	// and not upon what became of it.
	Own bool
	// Mark is by which the page knows this text again: sent again, it is saved once.
	Mark string
	// Settles are the versions kept apart that this text settles.
	Settles []int64
}

// Saved is what became of it.
type Saved struct {
	Section Section
	State   State
	Version int64 // that it became
}

func sectionPlace(agency, table, column string, meeting marac.MeetingID, c marac.CaseID, name Name, version int64) store.Place {
	row := fmt.Sprintf("%s/%s/%s", meeting, c, name)
	if version > 0 {
		row += fmt.Sprintf("/%d", version)
	}
	return store.Place{Agency: agency, Table: table, Column: column, Row: row}
}

func headPlace(agency string, meeting marac.MeetingID, c marac.CaseID, name Name) store.Place {
	return sectionPlace(agency, "marac_section", "text_sealed", meeting, c, name, 0)
}

func versionPlace(column, agency string, meeting marac.MeetingID, c marac.CaseID, name Name, version int64) store.Place {
	return sectionPlace(agency, "marac_section_version", column, meeting, c, name, version)
}

// check says what cannot be saved. What was typed stays on the page.
func (t Typing) check() error {
	var errs forms.Errors
	if len(t.Text) > textMost || strings.Count(t.Text, "\n") >= linesMost {
		errs.Add(string(t.Name), "Write up to 20,000 characters and 1,000 lines in one section")
	}
	return errs.Err()
}

// may judges an act on a meeting. A change is recorded by itself.
func (s *Service) may(ctx context.Context, seat *marac.Seat, action policy.Action, section Name, approved bool, subjects ...audit.Subject) (audit.Permit, error) {
	if !seat.Permit().Valid() {
		return audit.Permit{}, audit.ErrNoPermit
	}
	if !seat.Stated() {
		return audit.Permit{}, marac.ErrStatement
	}
	return s.guard.Act(ctx, seat.Actor(), action, resource(seat, section, approved), true, append([]audit.Subject{seat.Meeting().ID.Subject()}, subjects...)...)
}

// ofCase judges the case that something is written about, where it is about one.
func (s *Service) ofCase(ctx context.Context, seat *marac.Seat, c marac.CaseID) error {
	if c == "" {
		return nil
	}
	_, err := s.marac.WatchCase(ctx, seat, c)
	return err
}

// Save saves what somebody typed, whole and for good, whatever became of the section
// meanwhile: it takes the place of what it was typed upon, is put together with what
// others wrote since, or is kept beside it. It returns [forms.Errors], [ErrFrozen],
// and [store.ErrNotFound] for a section that is none.
func (s *Service) Save(ctx context.Context, seat *marac.Seat, t Typing) (Saved, error) {
	if !slices.Contains(Sections(t.Case), t.Name) {
		return Saved{}, store.ErrNotFound
	}
	if err := s.ofCase(ctx, seat, t.Case); err != nil {
		return Saved{}, err
	}
	permit, err := s.may(ctx, seat, ActWrite, t.Name, false, subjectsOf(t.Case)...)
	if err != nil {
		return Saved{}, err
	}
	if err := t.check(); err != nil {
		return Saved{}, err
	}
	if !aMark.MatchString(t.Mark) {
		t.Mark = "" // it lies in the clear, so it holds no words
	}
	var out Saved
	err = s.marac.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := meetingdb.New(tx)
		if err := s.ensure(ctx, tx, seat); err != nil {
			return err
		}
		// Taking the number first puts those who save at once one behind the other.
		run, err := q.NextChange(ctx, meetingdb.NextChangeParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
		if err != nil {
			return err
		}
		if run.ApprovedAt.Valid {
			return ErrFrozen
		}
		if out, err = s.save(ctx, tx, seat, t, run.Change); err != nil {
			return err
		}
		if err := s.writes(ctx, tx, seat, t.Case, t.Name); err != nil {
			return err
		}
		return permit.Append(tx, ActWrite, string(t.Name), append([]audit.Subject{seat.Meeting().ID.Subject()}, subjectsOf(t.Case)...)...)
	})
	return out, err
}

func subjectsOf(c marac.CaseID) []audit.Subject {
	if c == "" {
		return nil
	}
	return []audit.Subject{c.Subject()}
}

func (s *Service) save(ctx context.Context, tx *store.Tx, seat *marac.Seat, t Typing, number int64) (Saved, error) {
	head, err := s.head(ctx, tx, seat, t.Case, t.Name)
	if err != nil {
		return Saved{}, err
	}
	base, err := s.base(ctx, tx, seat, &t, head)
	switch {
	case err != nil:
		return Saved{}, err
	case base.again != nil:
		return Saved{Section: head, State: base.again.State, Version: base.again.Number}, nil
	}
	text, clean := Merge(base.text, head.Text, t.Text)
	v := Version{Number: head.Version + 1, Base: base.version, Own: base.own, State: Typed, Typed: t.Text, Text: text, Saved: tx.Now(), By: seat.Actor().Account}
	switch {
	case !clean:
		v.State, v.Text = Apart, head.Text
	case text != t.Text:
		v.State = Merged
	}
	settles := slices.Clone(t.Settles)
	if v.State == Apart {
		settles = nil // nothing is settled by what is itself to be settled
	}
	if base.apart != 0 { // they go on with a text that is kept apart: this takes its place
		settles = append(settles, base.apart)
	}
	if clean && text == head.Text && len(settles) == 0 && v.State == Typed {
		return Saved{Section: head, State: Typed, Version: head.Version}, nil // it says that already
	}
	return s.keep(ctx, tx, seat, t, head, v, settles, number)
}

// keep keeps a version and what the section says with it.
func (s *Service) keep(ctx context.Context, tx *store.Tx, seat *marac.Seat, t Typing, head Section, v Version, settles []int64, number int64) (Saved, error) {
	q, agency, id := meetingdb.New(tx), seat.Agency(), seat.Meeting().ID
	typed, err := tx.Vault().Seal(ctx, tx, versionPlace("typed_sealed", agency, id, t.Case, t.Name, v.Number), v.Typed)
	if err != nil {
		return Saved{}, err
	}
	text, err := tx.Vault().Seal(ctx, tx, versionPlace("text_sealed", agency, id, t.Case, t.Name, v.Number), v.Text)
	if err != nil {
		return Saved{}, err
	}
	err = q.InsertVersion(ctx, meetingdb.InsertVersionParams{
		AgencyID: agency, MeetingID: string(id), CaseID: string(t.Case), Section: string(t.Name), Version: v.Number, Base: v.Base, Own: v.Own, State: string(v.State), Mark: t.Mark,
		TypedSealed: typed.Bytes(), TextSealed: text.Bytes(), SavedAt: v.Saved, SavedBy: v.By,
	})
	if err != nil {
		return Saved{}, err
	}
	for _, one := range settles {
		err := q.Settle(ctx, meetingdb.SettleParams{AgencyID: agency, MeetingID: string(id), CaseID: string(t.Case), Section: string(t.Name), Version: one, Settled: v.Number})
		if err != nil {
			return Saved{}, err
		}
	}
	apart, err := q.CountApart(ctx, meetingdb.CountApartParams{AgencyID: agency, MeetingID: string(id), CaseID: string(t.Case), Section: string(t.Name)})
	if err != nil {
		return Saved{}, err
	}
	said, err := tx.Vault().Seal(ctx, tx, headPlace(agency, id, t.Case, t.Name), v.Text)
	if err != nil {
		return Saved{}, err
	}
	err = q.SetSection(ctx, meetingdb.SetSectionParams{
		AgencyID: agency, MeetingID: string(id), CaseID: string(t.Case), Section: string(t.Name), Version: v.Number, Change: number, Apart: apart, TextSealed: said.Bytes(), SavedAt: v.Saved, SavedBy: v.By,
	})
	head.Text, head.Version, head.Change, head.Apart, head.Saved, head.By = v.Text, v.Number, number, int(apart), v.Saved, v.By
	return Saved{Section: head, State: v.State, Version: v.Number}, err
}

// based is what a text was typed upon.
type based struct {
	version int64
	own     bool
	text    string
	apart   int64 // the version kept apart that the text goes on with; 0 for none
	again   *Version
}

// base finds what a text was typed upon.
func (s *Service) base(ctx context.Context, tx *store.Tx, seat *marac.Seat, t *Typing, head Section) (based, error) {
	if t.Mark != "" {
		v, err := s.marked(ctx, tx, seat, t.Case, t.Name, t.Mark)
		switch {
		case errors.Is(err, store.ErrNotFound): // it is the first time
		case err != nil:
			return based{}, err
		case v.By != seat.Actor().Account:
			return based{}, store.ErrNotFound // somebody else's page
		case v.Typed == t.Text:
			return based{again: &v}, nil
		default: // typed on after it was sent, as when a browser goes back
			t.Mark, t.Base, t.Own = "", v.Number, true
		}
	}
	switch {
	case t.Base <= 0:
		return based{}, nil
	case t.Base > head.Version:
		return based{}, store.ErrNotFound
	case t.Base == head.Version && !t.Own:
		return based{version: head.Version, text: head.Text}, nil
	}
	v, err := s.version(ctx, tx, seat, t.Case, t.Name, t.Base)
	if err != nil {
		return based{}, err
	}
	switch {
	case !t.Own || v.By != seat.Actor().Account:
		return based{version: v.Number, text: v.Text}, nil
	case v.State != Apart || v.Settled != 0:
		return based{version: v.Number, own: true, text: v.Typed}, nil
	}
	// The section never said what is kept apart. It is compared with what that was typed upon.
	b := based{version: v.Base, own: v.Own, apart: v.Number}
	if v.Base == 0 {
		return b, nil
	}
	under, err := s.version(ctx, tx, seat, t.Case, t.Name, v.Base)
	b.text = under.Text
	if v.Own {
		b.text = under.Typed
	}
	return b, err
}

func (s *Service) head(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID, name Name) (Section, error) {
	row, err := meetingdb.New(tx).SectionByName(ctx, meetingdb.SectionByNameParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), Section: string(name)})
	if errors.Is(err, sql.ErrNoRows) {
		return Section{Case: c, Name: name}, nil
	}
	if err != nil {
		return Section{}, err
	}
	return asSection(ctx, tx, row)
}

func asSection(ctx context.Context, tx *store.Tx, r meetingdb.MaracSection) (Section, error) {
	out := Section{Case: marac.CaseID(r.CaseID), Name: Name(r.Section), Version: r.Version, Change: r.Change, Apart: int(r.Apart), Saved: r.SavedAt, By: r.SavedBy}
	var err error
	out.Text, err = tx.Vault().Open(ctx, tx, headPlace(r.AgencyID, marac.MeetingID(r.MeetingID), out.Case, out.Name), store.Sealed(r.TextSealed))
	return out, err
}

func asVersion(ctx context.Context, tx *store.Tx, r meetingdb.MaracSectionVersion) (Version, error) {
	out := Version{Number: r.Version, Base: r.Base, Own: r.Own, State: State(r.State), Settled: r.Settled, Saved: r.SavedAt, By: r.SavedBy}
	at := func(column string) store.Place {
		return versionPlace(column, r.AgencyID, marac.MeetingID(r.MeetingID), marac.CaseID(r.CaseID), Name(r.Section), r.Version)
	}
	var err error
	if out.Typed, err = tx.Vault().Open(ctx, tx, at("typed_sealed"), store.Sealed(r.TypedSealed)); err != nil {
		return out, err
	}
	out.Text, err = tx.Vault().Open(ctx, tx, at("text_sealed"), store.Sealed(r.TextSealed))
	return out, err
}

func (s *Service) version(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID, name Name, number int64) (Version, error) {
	row, err := meetingdb.New(tx).VersionByNumber(ctx, meetingdb.VersionByNumberParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), Section: string(name), Version: number,
	})
	if err != nil {
		return Version{}, missing(err)
	}
	return asVersion(ctx, tx, row)
}

func (s *Service) marked(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID, name Name, mark string) (Version, error) {
	row, err := meetingdb.New(tx).VersionByMark(ctx, meetingdb.VersionByMarkParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), Section: string(name), Mark: mark,
	})
	if err != nil {
		return Version{}, missing(err)
	}
	return asVersion(ctx, tx, row)
}

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// Writer is somebody who has the minutes open, and where they wrote last.
type Writer struct {
	Account string
	Name    string
	Section Name
	At      time.Time
}

// Draft is the minutes of a case, or of the meeting as a whole, while they are written.
type Draft struct {
	Sections []Section // all, in their order; those the reader may not write are left out
	Apart    []Kept    // texts kept beside them
	Writers  []Writer  // who wrote in the last minute, without the reader
	Change   int64     // what [Service.Since] goes on from
	Approved bool
	Who      map[string]string // names of accounts
}

// Kept is a text that is kept beside a section.
type Kept struct {
	Name Name
	Version
}

// Writes lists the sections of a case that whoever has a seat may write.
func (s *Service) Writes(seat *marac.Seat, c marac.CaseID) []Name {
	var out []Name
	for _, n := range Sections(c) {
		if seat.Stated() && s.guard.Rules().Decide(seat.Actor(), ActWrite, resource(seat, n, false)).Allowed {
			out = append(out, n)
		}
	}
	return out
}

// Draft opens the minutes of a case, or of the meeting as a whole, to somebody who
// writes them. That they did is recorded, and lets their page ask for what changes.
func (s *Service) Draft(ctx context.Context, seat *marac.Seat, c marac.CaseID) (d Draft, err error) {
	names := s.Writes(seat, c)
	if len(names) == 0 {
		names = []Name{""} // nobody's: the refusal is recorded
	}
	if err := s.ofCase(ctx, seat, c); err != nil {
		return d, err
	}
	permit, err := s.may(ctx, seat, ActWrite, names[0], false, subjectsOf(c)...)
	if err != nil {
		return d, err
	}
	err = s.marac.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return meetingdb.New(tx).OpenMinutes(ctx, meetingdb.OpenMinutesParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), AccountID: seat.Actor().Account, OpenedAt: tx.Now(),
		})
	})
	if err != nil {
		return d, err
	}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err = s.draft(ctx, tx, seat, c, names, 0)
		return err
	})
	if err != nil {
		return d, err
	}
	return d, permit.Show(ctx, append([]audit.Subject{seat.Meeting().ID.Subject()}, subjectsOf(c)...)...)
}

// draft reads what changed after a change, in four statements.
func (s *Service) draft(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID, names []Name, after int64) (d Draft, err error) {
	q, agency, id := meetingdb.New(tx), seat.Agency(), string(seat.Meeting().ID)
	run, err := s.run(ctx, tx, seat)
	if err != nil {
		return d, err
	}
	d.Change, d.Approved, d.Who = run.Change, !run.Approved.IsZero(), map[string]string{}
	rows, err := q.SectionsSince(ctx, meetingdb.SectionsSinceParams{AgencyID: agency, MeetingID: id, CaseID: string(c), Change: after})
	if err != nil {
		return d, err
	}
	had := map[Name]Section{}
	for _, r := range rows {
		one, err := asSection(ctx, tx, r)
		if err != nil {
			return d, err
		}
		had[one.Name] = one
	}
	for _, n := range names {
		one, changed := had[n]
		if !changed && after > 0 {
			continue
		}
		one.Case, one.Name = c, n
		d.Sections = append(d.Sections, one)
	}
	if d.Apart, err = s.apart(ctx, tx, seat, c, names); err != nil {
		return d, err
	}
	writers, err := q.Writers(ctx, meetingdb.WritersParams{AgencyID: agency, MeetingID: id, CaseID: string(c), Since: nullTime(tx.Now().Add(-time.Minute))})
	if err != nil {
		return d, err
	}
	for _, w := range writers {
		if w.AccountID != seat.Actor().Account && slices.Contains(names, Name(w.Section)) {
			d.Writers = append(d.Writers, Writer{Account: w.AccountID, Name: w.Name, Section: Name(w.Section), At: w.WroteAt.Time})
		}
	}
	var accounts []string
	for _, one := range d.Sections {
		accounts = append(accounts, one.By)
	}
	for _, one := range d.Apart {
		accounts = append(accounts, one.By)
	}
	d.Who, err = s.marac.NamesTx(ctx, tx, accounts)
	return d, err
}

// apart are the texts kept beside sections of a case that nobody settled.
func (s *Service) apart(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID, names []Name) (out []Kept, err error) {
	rows, err := meetingdb.New(tx).Unsettled(ctx, meetingdb.UnsettledParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c)})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		v, err := asVersion(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, Name(r.Section)) {
			out = append(out, Kept{Name: Name(r.Section), Version: v})
		}
	}
	return out, nil
}

// Since is what changed in minutes after a change, for a page that has them open. It
// leaves no entry: [Service.Draft] did, and without it nothing is told
// ([ErrNotOpened]).
func (s *Service) Since(ctx context.Context, seat *marac.Seat, c marac.CaseID, after int64) (d Draft, err error) {
	names := s.Writes(seat, c)
	if len(names) == 0 {
		names = []Name{""}
	}
	if err := s.ofCase(ctx, seat, c); err != nil {
		return d, err
	}
	if _, err := s.may(ctx, seat, ActWrite, names[0], false, subjectsOf(c)...); err != nil {
		return d, err
	}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		at, err := meetingdb.New(tx).OpenedMinutes(ctx, meetingdb.OpenedMinutesParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), AccountID: seat.Actor().Account,
		})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if tx.Now().Sub(at) >= opened {
			return ErrNotOpened
		}
		d, err = s.draft(ctx, tx, seat, c, names, max(after, 1))
		return err
	})
	return d, err
}

// Here records that somebody is about to write into a section, for others to see.
func (s *Service) Here(ctx context.Context, seat *marac.Seat, c marac.CaseID, name Name) error {
	if !slices.Contains(Sections(c), name) {
		return store.ErrNotFound
	}
	if err := s.ofCase(ctx, seat, c); err != nil {
		return err
	}
	if _, err := s.may(ctx, seat, ActWrite, name, false, subjectsOf(c)...); err != nil {
		return err
	}
	return s.marac.DB().WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) error { return s.writes(ctx, tx, seat, c, name) })
}

func (s *Service) writes(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID, name Name) error {
	return meetingdb.New(tx).WroteMinutes(ctx, meetingdb.WroteMinutesParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), AccountID: seat.Actor().Account, Section: string(name), WroteAt: nullTime(tx.Now()),
	})
}

// versionsMost bounds a page of versions.
const versionsMost = 50

// Versions are the texts that were saved of a section, the latest first, those before a
// number; 0 for all. More tells that there are earlier ones.
func (s *Service) Versions(ctx context.Context, seat *marac.Seat, c marac.CaseID, name Name, before int64) (list []Version, who map[string]string, more bool, err error) {
	if !slices.Contains(Sections(c), name) {
		return nil, nil, false, store.ErrNotFound
	}
	if err := s.ofCase(ctx, seat, c); err != nil {
		return nil, nil, false, err
	}
	// What was saved may be looked at after the approval too, by those who wrote.
	permit, err := s.may(ctx, seat, ActWrite, name, false, subjectsOf(c)...)
	if err != nil {
		return nil, nil, false, err
	}
	if before <= 0 {
		before = 1 << 62
	}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := meetingdb.New(tx).VersionsBefore(ctx, meetingdb.VersionsBeforeParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c), Section: string(name), Before: before, Size: versionsMost + 1,
		})
		if err != nil {
			return err
		}
		if more = len(rows) > versionsMost; more {
			rows = rows[:versionsMost]
		}
		var accounts []string
		for _, r := range rows {
			v, err := asVersion(ctx, tx, r)
			if err != nil {
				return err
			}
			list, accounts = append(list, v), append(accounts, v.By)
		}
		who, err = s.marac.NamesTx(ctx, tx, accounts)
		return err
	})
	if err != nil {
		return nil, nil, false, err
	}
	return list, who, more, permit.Show(ctx, append([]audit.Subject{seat.Meeting().ID.Subject()}, subjectsOf(c)...)...)
}
