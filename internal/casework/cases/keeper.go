package cases

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// The parts of a file that this package keeps.
const (
	PartChronology = "chronology"
	PartPeople     = "people"
	PartTasks      = "tasks"
	PartNotes      = "notes"
	PartRequests   = "requests"
)

// Keepers are what this package keeps with a file, each part by itself. The
// last of them goes last when a file is destroyed: others point at its rows.
func (s *Service) Keepers() []Keeper {
	return []Keeper{chronologyKeeper{s}, noteKeeper{s}, requestKeeper{s}, taskKeeper{s}, peopleKeeper{s}}
}

type chronologyKeeper struct{ s *Service }

func (chronologyKeeper) Part() Part { return Part{PartChronology, "Chronology"} }

func (k chronologyKeeper) Pieces(ctx context.Context, tx *store.Tx, f *File) ([]Piece, int, error) {
	agency, file := f.key()
	rows, err := casesdb.New(tx).AllEvents(ctx, casesdb.AllEventsParams{AgencyID: agency, FileID: file})
	out := make([]Piece, len(rows))
	o := k.s.opener(ctx, tx, agency)
	for i, r := range rows {
		e := o.entry(casesdb.EventsBeforeRow(r))
		out[i] = Piece{Ref: r.ID, On: e.On, Title: e.Kind.Label(), Lines: lines(e.Text), Source: e.Source, Erasable: e.Text != ""}
	}
	return out, 0, errors.Join(err, o.err)
}

func (k chronologyKeeper) Erase(ctx context.Context, tx *store.Tx, f *File, ref string) error {
	agency, file := f.key()
	return erased(casesdb.New(tx).BlankEvent(ctx, casesdb.BlankEventParams{AgencyID: agency, FileID: file, ID: ref, Nothing: []byte{}}))
}

func (k chronologyKeeper) Destroy(ctx context.Context, tx *store.Tx, f *File) (map[string]int64, error) {
	agency, file := f.key()
	n, err := casesdb.New(tx).DeleteEvents(ctx, casesdb.DeleteEventsParams{AgencyID: agency, FileID: file})
	return map[string]int64{"chronology entries": n}, err
}

type taskKeeper struct{ s *Service }

func (taskKeeper) Part() Part { return Part{PartTasks, "Tasks"} }

func (k taskKeeper) Pieces(ctx context.Context, tx *store.Tx, f *File) ([]Piece, int, error) {
	agency, file := f.key()
	rows, err := casesdb.New(tx).AllTasks(ctx, casesdb.AllTasksParams{AgencyID: agency, FileID: file})
	var out []Piece
	o := k.s.opener(ctx, tx, agency)
	for _, r := range rows {
		p := Piece{Ref: r.ID, On: r.DueOn, Title: TaskKind(r.Kind).Label(), Lines: []string{"Due: " + DayInWords(r.DueOn)}}
		if r.DoneAt.Valid {
			p.Lines = append(p.Lines, "Done: "+r.DoneAt.Time.Format("2 January 2006"))
		}
		p.Lines = append(p.Lines, lines(o.plain(taskNote, "done_note", r.DoneNoteSealed, r.DoneNote, file))...)
		out = append(out, p)
	}
	return out, 0, errors.Join(err, o.err)
}

func (taskKeeper) Erase(context.Context, *store.Tx, *File, string) error { return ErrNotErasable }

func (k taskKeeper) Destroy(ctx context.Context, tx *store.Tx, f *File) (map[string]int64, error) {
	agency, file := f.key()
	n, err := casesdb.New(tx).DeleteTasks(ctx, casesdb.DeleteTasksParams{AgencyID: agency, FileID: file})
	return map[string]int64{"tasks": n}, err
}

type noteKeeper struct{ s *Service }

func (noteKeeper) Part() Part { return Part{PartNotes, "Notes in compartments"} }

func (k noteKeeper) Pieces(ctx context.Context, tx *store.Tx, f *File) ([]Piece, int, error) {
	agency, file := f.key()
	rows, err := casesdb.New(tx).AllKept(ctx, casesdb.AllKeptParams{AgencyID: agency, FileID: file})
	o := k.s.opener(ctx, tx, agency)
	var out []Piece
	apart := 0
	for _, r := range rows {
		c := Compartment(r.Compartment)
		if !k.s.MayRead(f, c) {
			apart++
			continue
		}
		p := Piece{
			Ref: r.ID, On: r.RecordedAt.Format(time.DateOnly), Title: c.Label(), Lines: lines(o.open("kept_note", "text", r.ID, r.Text)),
			Compartment: c, Hidden: c == Whereabouts, Erasable: true,
		}
		if r.About != "" && people.ID(r.About) != f.person {
			p.About = []people.ID{people.ID(r.About)}
		}
		out = append(out, p)
	}
	return out, apart, errors.Join(err, o.err)
}

func (k noteKeeper) Erase(ctx context.Context, tx *store.Tx, f *File, ref string) error {
	agency, file := f.key()
	return erased(casesdb.New(tx).DeleteKeptNote(ctx, casesdb.DeleteKeptNoteParams{AgencyID: agency, FileID: file, ID: ref}))
}

func (k noteKeeper) Destroy(ctx context.Context, tx *store.Tx, f *File) (map[string]int64, error) {
	agency, file := f.key()
	n, err := casesdb.New(tx).DeleteKept(ctx, casesdb.DeleteKeptParams{AgencyID: agency, FileID: file})
	return map[string]int64{"notes in compartments": n}, err
}

type requestKeeper struct{ s *Service }

func (requestKeeper) Part() Part { return Part{PartRequests, "Requests in the person’s name"} }

func (k requestKeeper) Pieces(ctx context.Context, tx *store.Tx, f *File) ([]Piece, int, error) {
	agency, file := f.key()
	rows, err := casesdb.New(tx).AllRequests(ctx, casesdb.AllRequestsParams{AgencyID: agency, FileID: file})
	o := k.s.opener(ctx, tx, agency)
	var out []Piece
	for _, r := range rows {
		p := Piece{Ref: r.ID, On: r.ReceivedOn, Title: RequestKind(r.Kind).Label(), Lines: []string{"How it came: " + Way(r.Came).Label()}}
		for _, l := range [][2]string{
			{"What was asked for: ", o.open("named_request", "words", r.ID, r.Words)},
			{"Who was there: ", o.open("named_request", "present", r.ID, r.Present)},
			{"What the person said when asked alone: ", o.open("named_request", "confirmed_words", r.ID, r.ConfirmedWords)},
			{"Who was there then: ", o.open("named_request", "confirmed_present", r.ID, r.ConfirmedPresent)},
		} {
			if l[1] != "" {
				p.Lines = append(p.Lines, lines(l[0]+l[1])...)
			}
		}
		out = append(out, p)
	}
	return out, 0, errors.Join(err, o.err)
}

func (requestKeeper) Erase(context.Context, *store.Tx, *File, string) error { return ErrNotErasable }

func (k requestKeeper) Destroy(ctx context.Context, tx *store.Tx, f *File) (map[string]int64, error) {
	agency, file := f.key()
	n, err := casesdb.New(tx).DeleteRequests(ctx, casesdb.DeleteRequestsParams{AgencyID: agency, FileID: file})
	return map[string]int64{"requests": n}, err
}

// peopleKeeper keeps who the file is about and who belongs to it, how they are
// reached, and who may see the file.
type peopleKeeper struct{ s *Service }

func (peopleKeeper) Part() Part { return Part{PartPeople, "People and how they are reached"} }

func (k peopleKeeper) Pieces(ctx context.Context, tx *store.Tx, f *File) ([]Piece, int, error) {
	person, err := k.s.people.Get(ctx, tx, f.permit, f.agency, f.person)
	if err != nil {
		return nil, 0, err
	}
	own := Piece{Ref: string(f.person), Title: "Who the case is about"}
	own.Lines = detailLines(person.Details)
	out := []Piece{own}
	parties, err := k.s.Parties(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range parties {
		piece := Piece{Ref: string(p.Person) + "/" + string(p.Role), Title: p.Role.Label(), Lines: detailLines(p.Details), About: []people.ID{p.Person}}
		if p.Relation != "" {
			piece.Lines = append(piece.Lines, "Relation: "+p.Relation)
		}
		out = append(out, piece)
	}
	w, may := people.Unlock(k.s.guard, f.permit, f.Resource())
	if !may {
		return out, 1, nil
	}
	contact, err := k.s.people.SafeContact(ctx, tx, w, person)
	if err != nil {
		return nil, 0, err
	}
	reached := Piece{Ref: "contact", On: contact.Summary.CheckedOn, Title: "Safe contact", Compartment: Whereabouts, Hidden: true}
	for _, way := range contact.Ways {
		line := way.Channel.Label() + ": " + way.Allowed.Label()
		for _, more := range []string{way.Detail, way.Hours.Label(), way.Conditions} {
			if more != "" {
				line += ". " + more
			}
		}
		reached.Lines = append(reached.Lines, line)
	}
	if contact.NeverSpeak != "" {
		reached.Lines = append(reached.Lines, "Never to be spoken to: "+contact.NeverSpeak)
	}
	if contact.HasCodeWord {
		reached.Lines = append(reached.Lines, "A code word is agreed. It is not copied")
	}
	if len(reached.Lines) > 0 {
		out = append(out, reached)
	}
	for _, id := range append([]people.ID{f.person}, partyIDs(parties)...) {
		home, err := k.s.people.Home(ctx, tx, w, people.Person{ID: id, Agency: f.agency})
		if err != nil {
			return nil, 0, err
		}
		if home.IsZero() {
			continue
		}
		piece := Piece{Ref: string(id) + "/home", Title: "Address", Lines: []string{strings.TrimSpace(home.House + ", " + home.Postcode)}, Compartment: Whereabouts, Hidden: true}
		if id != f.person {
			piece.About = []people.ID{id}
		}
		out = append(out, piece)
	}
	return out, 0, nil
}

func partyIDs(parties []Party) []people.ID {
	var out []people.ID
	for _, p := range parties {
		if !slices.Contains(out, p.Person) {
			out = append(out, p.Person)
		}
	}
	return out
}

func detailLines(d people.Details) []string {
	var out []string
	for _, l := range [][2]string{
		{"Name: ", strings.TrimSpace(d.GivenName + " " + d.FamilyName)},
		{"Known as: ", d.KnownAs},
		{"Born: ", bornInWords(d.Born)},
		{"Gender: ", d.Gender},
		{"Language: ", d.Language},
		{"Needs: ", d.AccessNeeds},
	} {
		if l[1] != "" {
			out = append(out, l[0]+l[1])
		}
	}
	return out
}

func (peopleKeeper) Erase(context.Context, *store.Tx, *File, string) error { return ErrNotErasable }

// Destroy removes the people who stand in no other file of the agency, and who
// could see this one.
func (k peopleKeeper) Destroy(ctx context.Context, tx *store.Tx, f *File) (map[string]int64, error) {
	agency, file := f.key()
	q := casesdb.New(tx)
	all, err := q.PeopleOf(ctx, casesdb.PeopleOfParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	elsewhere, err := q.PeopleElsewhere(ctx, casesdb.PeopleElsewhereParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, d := range []struct {
		kind string
		do   func() (int64, error)
	}{
		{"people of the case", func() (int64, error) {
			return q.DeleteParties(ctx, casesdb.DeletePartiesParams{AgencyID: agency, FileID: file})
		}},
		{"workers on it", func() (int64, error) {
			return q.DeleteInvolvements(ctx, casesdb.DeleteInvolvementsParams{AgencyID: agency, FileID: file})
		}},
		{"restrictions", func() (int64, error) {
			return q.DeleteRestrictions(ctx, casesdb.DeleteRestrictionsParams{AgencyID: agency, FileID: file})
		}},
		{"conflicts of interest", func() (int64, error) {
			return q.DeleteConflicts(ctx, casesdb.DeleteConflictsParams{AgencyID: agency, FileID: file})
		}},
		{"notices", func() (int64, error) {
			return q.DeleteNotices(ctx, casesdb.DeleteNoticesParams{AgencyID: agency, FileID: file})
		}},
		{"emergency accesses", func() (int64, error) {
			return q.DeleteEmergencies(ctx, casesdb.DeleteEmergenciesParams{AgencyID: agency, FileID: file})
		}},
		{"compartments opened by name", func() (int64, error) {
			return q.DeleteGrants(ctx, casesdb.DeleteGrantsParams{AgencyID: agency, FileID: file})
		}},
		{"links to another case", func() (int64, error) {
			return q.DeleteCouples(ctx, casesdb.DeleteCouplesParams{AgencyID: agency, FileID: file})
		}},
	} {
		if out[d.kind], err = d.do(); err != nil {
			return nil, err
		}
	}
	for _, id := range all {
		if slices.Contains(elsewhere, id) {
			continue
		}
		if err := k.s.people.Destroy(ctx, tx, f.permit, agency, people.ID(id)); err != nil {
			return nil, err
		}
		out["people's details"]++
	}
	return out, nil
}

// HasParty tells whether somebody is in the file in a role, without telling
// who.
func (s *Service) HasParty(ctx context.Context, tx *store.Tx, f *File, role Role) (bool, error) {
	if !f.Permit().Valid() {
		return false, audit.ErrNoPermit
	}
	agency, file := f.key()
	rows, err := casesdb.New(tx).Parties(ctx, casesdb.PartiesParams{AgencyID: agency, FileID: file})
	return slices.ContainsFunc(rows, func(r casesdb.PartiesRow) bool { return Role(r.Role) == role }), err
}

// BlankAbout takes the words out of the entries that a record wrote into the
// chronology, when that record is erased.
func (s *Service) BlankAbout(ctx context.Context, tx *store.Tx, f *File, ref string) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	if ref == "" {
		return nil
	}
	agency, file := f.key()
	return casesdb.New(tx).BlankEventsAbout(ctx, casesdb.BlankEventsAboutParams{AgencyID: agency, FileID: file, Ref: ref, Nothing: []byte{}})
}

// erased turns the absence of what was to be erased into its error.
func erased(n int64, err error) error {
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// EntryOf is an entry of the file's chronology.
func (s *Service) EntryOf(ctx context.Context, tx *store.Tx, f *File, id EventID) (Event, error) {
	if err := f.Permit().Show(ctx, f.id.Subject(), f.person.Subject()); err != nil {
		return Event{}, err
	}
	agency, file := f.key()
	r, err := casesdb.New(tx).EventByID(ctx, casesdb.EventByIDParams{AgencyID: agency, FileID: file, ID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Event{}, store.ErrNotFound
	}
	if err != nil {
		return Event{}, err
	}
	o := s.opener(ctx, tx, agency)
	return o.entry(casesdb.EventsBeforeRow(r)), o.err
}

// lines are the lines of a text, without empty ones.
func lines(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func bornInWords(day string) string {
	if day == "" {
		return ""
	}
	return DayInWords(day)
}
