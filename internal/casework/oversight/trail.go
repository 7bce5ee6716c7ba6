package oversight

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// FileRef is a file by its number.
type FileRef struct {
	ID     cases.ID
	Number int64
}

// Path is the address of its trail.
func (f FileRef) Path() string { return "/oversight/cases/" + string(f.ID) }

// Row is an entry of the ledger in plain words.
type Row struct {
	Seq      int64
	At       time.Time
	Who      Worker
	Did      string
	Purpose  string
	Involved Involvement
	Refused  bool
	Files    []FileRef
	People   int // how many people it names
}

// Trail is a page of what the ledger holds about a file, the newest first.
type Trail struct {
	File    FileRef
	Rows    []Row
	More    int64 // the number to go on before; 0 at the end
	Lead    bool  // seen by whoever holds the file: reviews and refusals are left out
	Reports []Given
	Report  bool // the actor makes the person's own report
}

// silent are the acts that are the key contact's alone.
var silent = []policy.Action{
	cases.ActConflictFound, cases.ActDeclare, cases.ActReview, ActFound, ActSettle, ActWorker, ActLook, ActTrail,
}

// subject is a trail as the rules see it; one that is not there costs the same.
func (s *Service) subject(ctx context.Context, tx *store.Tx, id string) (policy.Resource, FileRef, error) {
	q := oversightdb.New(tx)
	row, err := q.TrailFile(ctx, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return policy.Resource{}, FileRef{}, err
	}
	facts, err := q.TrailFacts(ctx, oversightdb.TrailFactsParams{AgencyID: row.AgencyID, FileID: row.ID})
	if err != nil {
		return policy.Resource{}, FileRef{}, err
	}
	sets := map[string][]string{}
	for _, f := range facts {
		sets[f.Fact] = append(sets[f.Fact], f.Value)
	}
	return policy.Resource{Type: "Trail", ID: id, Attrs: policy.Attrs{
		"agency": row.AgencyID, "lead": row.LeadID, "workers": sets["worker"], "tied": sets["tied"], "across": sets["across"],
	}}, FileRef{ID: cases.ID(row.ID), Number: row.Number}, nil
}

// open judges an act on a trail and records that it was looked at.
func (s *Service) open(ctx context.Context, actor policy.Actor, action policy.Action, id string) (FileRef, policy.Resource, audit.Permit, error) {
	var r policy.Resource
	var ref FileRef
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, ref, err = s.subject(ctx, tx, id)
		return err
	})
	if err != nil {
		return ref, r, audit.Permit{}, err
	}
	permit, err := s.guard.Open(ctx, actor, action, r, string(cases.Review), false, cases.ID(id).Subject())
	return ref, r, permit, err
}

// Trail opens what the ledger holds about a file, before an entry (0: from the
// end). To whom the rules do not allow it the file is not there.
func (s *Service) Trail(ctx context.Context, actor policy.Actor, id string, before int64) (Trail, error) {
	ref, r, _, err := s.open(ctx, actor, ActTrail, id)
	if err != nil {
		return Trail{}, err
	}
	t := Trail{File: ref, Lead: !actor.Has(policy.KeyContact), Report: s.guard.Rules().Decide(actor, ActReport, r).Allowed}
	search := audit.Search{
		Agency: actor.Agency, About: []audit.Subject{ref.ID.Subject()}, Before: before, Limit: PageSize + 1,
		// That they look now is in the ledger and tells them nothing.
		NotActor: actor.Account, NotUnder: ActTrail,
	}
	if t.Lead {
		search.Answered, search.Without = true, silent
	} else {
		person, err := s.personOf(ctx, actor.Agency, ref)
		if err != nil {
			return t, err
		}
		search.About = append(search.About, person.Subject())
	}
	entries, err := s.guard.Find(ctx, search)
	if err != nil {
		return t, err
	}
	entries, t.More = paged(entries, PageSize)
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if t.Rows, err = s.rows(ctx, tx, actor, entries); err != nil {
			return err
		}
		t.Reports, err = s.reportsOf(ctx, tx, actor.Agency, ref)
		return err
	})
	return t, err
}

func (s *Service) personOf(ctx context.Context, agency string, ref FileRef) (id people.ID, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := oversightdb.New(tx).PeopleOf(ctx, oversightdb.PeopleOfParams{AgencyID: agency, ID: string(ref.ID)})
		if err == nil && len(list) == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		id = people.ID(list[0])
		return nil
	})
	return id, err
}

// paged cuts what was read of a page and one more, and tells where to go on.
func paged(entries []audit.Entry, size int) ([]audit.Entry, int64) {
	if len(entries) <= size {
		return entries, 0
	}
	return entries[:size], entries[size-1].Seq
}

// rows puts entries into plain words. Entries about nothing but files that are
// not there for the actor are left out.
func (s *Service) rows(ctx context.Context, tx *store.Tx, actor policy.Actor, entries []audit.Entry) ([]Row, error) {
	var accounts, files []string
	opened := map[string]Involvement{} // by request: what was changed was opened first
	for _, e := range entries {
		accounts = append(accounts, e.Actor)
		for _, sub := range e.Subjects {
			if sub.Kind == "case" {
				files = append(files, sub.ID)
			}
		}
		if way := involvementOf(e); way != NotKnown && e.Request != "" {
			opened[e.Request] = way
		}
	}
	who, err := workers(ctx, tx, actor.Agency, accounts)
	if err != nil {
		return nil, err
	}
	there, err := s.numbers(ctx, tx, actor, files)
	if err != nil {
		return nil, err
	}
	hidden, err := oversightdb.New(tx).TiedFiles(ctx, oversightdb.TiedFilesParams{AgencyID: actor.Agency, AccountID: actor.Account})
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, e := range entries {
		row := Row{
			Seq: e.Seq, At: e.At, Who: who[e.Actor], Did: Say(e), Purpose: PurposeLabel(e.Purpose), Involved: involvementOf(e), Refused: e.Outcome == audit.Refused,
		}
		if row.Who.Account == "" {
			row.Who = Worker{Account: e.Actor, Name: "Nobody: Waymark itself"}
		}
		if row.Involved == NotKnown && e.Outcome == audit.Done {
			row.Involved = opened[e.Request]
		}
		named, gone := 0, 0
		for _, sub := range e.Subjects {
			switch sub.Kind {
			case "case":
				named++
				if n, ok := there[sub.ID]; ok {
					row.Files = append(row.Files, FileRef{ID: cases.ID(sub.ID), Number: n})
				}
				if slices.Contains(hidden, sub.ID) {
					gone++
				}
			case "person":
				row.People++
			}
		}
		if named > 0 && gone == named {
			continue
		}
		out = append(out, row)
	}
	return out, nil
}

// Find is how a file is looked for: by its number, or by the exact name and
// date of birth of somebody in it. There is no list to look through.
type Find struct {
	Number int64
	Person people.Details
}

// Look finds files of the actor's agency. It returns forms.Errors.
func (s *Service) Look(ctx context.Context, actor policy.Actor, f Find) ([]FileRef, error) {
	permit, err := s.guard.Open(ctx, actor, ActLook, whole(actor), string(cases.Review), true, agencySubject(actor))
	if err != nil {
		return nil, err
	}
	var errs forms.Errors
	if f.Number == 0 {
		if f.Person.GivenName == "" || f.Person.FamilyName == "" {
			errs.Add("number", "Enter the number of the case, or the whole name and date of birth")
		} else if len(f.Person.Born) != len(time.DateOnly) {
			errs.Add("born", "Enter the day, the month and the year of birth")
		}
		for _, e := range f.Person.Check() {
			errs.Add(e.Field, e.Message)
		}
	}
	if errs.Any() {
		return nil, errs
	}
	var found []string
	if f.Number > 0 {
		found, err = s.numbered(ctx, actor.Agency, f.Number)
	} else {
		found, err = s.marked(ctx, actor.Agency, f.Person)
	}
	if err != nil {
		return nil, err
	}
	var out []FileRef
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		there, err := s.numbers(ctx, tx, actor, found)
		for id, n := range there {
			out = append(out, FileRef{ID: cases.ID(id), Number: n})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b FileRef) int { return int(a.Number - b.Number) })
	var shown []audit.Subject
	for _, ref := range out {
		shown = append(shown, ref.ID.Subject())
	}
	return out, permit.Show(ctx, shown...)
}

func (s *Service) numbered(ctx context.Context, agency string, number int64) (found []string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := oversightdb.New(tx).FileNumbered(ctx, oversightdb.FileNumberedParams{AgencyID: agency, Number: number})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		found = []string{id}
		return err
	})
	return found, err
}

// marked finds by the keyed mark of a name with a date of birth. The secret of
// an agency's marks may have to be made first, which writes.
func (s *Service) marked(ctx context.Context, agency string, d people.Details) (found []string, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err := s.people.Marker(ctx, tx, agency)
		if err != nil {
			return err
		}
		found = nil
		for _, mark := range m.Self(d) {
			rows, err := oversightdb.New(tx).FilesMarked(ctx, oversightdb.FilesMarkedParams{AgencyID: agency, Mark: mark.Value})
			if err != nil {
				return err
			}
			for _, r := range rows {
				found = append(found, r.ID)
			}
		}
		return nil
	})
	return found, err
}
