package oversight

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// GivenWay is how a person said that their report may be given. As with contact,
// what was not asked is not safe.
type GivenWay string

// The ways. A report is never sent.
const (
	NotGiven GivenWay = "nothing"
	ReadOut  GivenWay = "read_out"
	OnPaper  GivenWay = "on_paper"
)

// GivenWays lists them in the order in which they are offered.
func GivenWays() []GivenWay { return []GivenWay{NotGiven, ReadOut, OnPaper} }

// Label is the way in words for people.
func (w GivenWay) Label() string {
	switch w {
	case NotGiven:
		return "Nothing is given now"
	case ReadOut:
		return "Read out to them"
	case OnPaper:
		return "On paper, handed over to them"
	}
	return string(w)
}

// reportLasts is how long the answer holds: what is safe changes.
const reportLasts = 24 * time.Hour

// Given is a report that was asked for about a file.
type Given struct {
	ID      string
	Way     GivenWay
	AskedAt time.Time
	By      Worker
	Printed time.Time
}

// Path is the address of its page.
func (g Given) Path() string { return "/oversight/reports/" + g.ID }

// NewReport is what the person said about being given the report.
type NewReport struct {
	Way     GivenWay
	Words   string
	Alone   bool   // nobody else was there, and nobody could listen
	Present string // who was there otherwise
}

// Check returns what is wrong with it, by field.
func (n NewReport) Check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(GivenWays(), n.Way) {
		errs.Add("way", "Select how it may be given")
	}
	checkWords(&errs, "words", n.Words, "Write what the person said about how it is safe")
	switch {
	case !n.Alone && n.Present == "":
		errs.Add("present", "Write who else was there, or mark that nobody was")
	case len(n.Present) > reasonMax:
		errs.Add("present", "Shorten this to 4,000 characters or fewer")
	case n.Alone && n.Present != "":
		errs.Add("alone", "Somebody was there, or nobody was: leave one of the two empty")
	case !n.Alone && n.Way != NotGiven && n.Way != "":
		errs.Add("way", "It is given to the person on their own. Ask again when they are; with a professional interpreter, mark that nobody else was there and write so in their words")
	}
	return errs
}

// AskReport records how the person said that the report about their record may
// be given, and returns where it is to be found: empty when nothing is given.
// It returns forms.Errors.
func (s *Service) AskReport(ctx context.Context, actor policy.Actor, file string, n NewReport) (string, error) {
	ref, _, permit, err := s.open(ctx, actor, ActReport, file)
	if err != nil {
		return "", err
	}
	if errs := n.Check(); errs.Any() {
		return "", errs
	}
	head, err := s.guard.Head(ctx)
	if err != nil {
		return "", err
	}
	var id string
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		words, err := s.db.Vault().Seal(ctx, tx, place(actor.Agency, "person_report", "words", id), n.Words)
		if err != nil {
			return err
		}
		present, err := s.db.Vault().Seal(ctx, tx, place(actor.Agency, "person_report", "present", id), n.Present)
		if err != nil {
			return err
		}
		err = oversightdb.New(tx).InsertReport(ctx, oversightdb.InsertReportParams{
			AgencyID: actor.Agency, ID: id, FileID: string(ref.ID), Way: string(n.Way), Words: words.Bytes(), Present: present.Bytes(),
			UpTo: head.Size, AskedAt: tx.Now(), AskedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActReport, string(n.Way), ref.ID.Subject(), reportSubject(id))
	})
	return id, err
}

// ForReport opens a file's number for the form that asks; who may not is
// refused as by AskReport.
func (s *Service) ForReport(ctx context.Context, actor policy.Actor, file string) (FileRef, error) {
	ref, _, _, err := s.open(ctx, actor, ActReport, file)
	return ref, err
}

func reportSubject(id string) audit.Subject { return audit.Subject{Kind: "report", ID: id} }

func (s *Service) reportsOf(ctx context.Context, tx *store.Tx, agency string, ref FileRef) ([]Given, error) {
	rows, err := oversightdb.New(tx).ReportsOf(ctx, oversightdb.ReportsOfParams{AgencyID: agency, FileID: string(ref.ID)})
	if err != nil {
		return nil, err
	}
	var accounts []string
	for _, r := range rows {
		accounts = append(accounts, r.AskedBy)
	}
	who, err := workers(ctx, tx, agency, accounts)
	var out []Given
	for _, r := range rows {
		out = append(out, Given{ID: r.ID, Way: GivenWay(r.Way), AskedAt: r.AskedAt, By: who[r.AskedBy], Printed: r.PrintedAt.Time})
	}
	return out, err
}

// Line is a line of a report: what was done on a day by whom.
type Line struct {
	On    string // YYYY-MM-DD
	Told  Told
	Role  string
	Name  string // empty where the agency decided that names are not given
	Times int
}

// Report is who has looked at a person's record, for the person.
type Report struct {
	Given
	File    FileRef
	Agency  string
	Words   string
	Present string
	Lines   []Line
	Left    int  // lines that are not told; for whoever makes the report alone
	Older   bool // there is more, before the first line
	Names   bool
	Over    bool // the answer is too old: ask again
	permit  audit.Permit
}

// reportMost bounds how many entries a report is made from.
const reportMost = 2000

// Report opens a report that was asked for. It returns [store.ErrNotFound] for
// one that never was, as for one that the actor may not see.
func (s *Service) Report(ctx context.Context, actor policy.Actor, id string) (Report, error) {
	v := Report{}
	var row oversightdb.PersonReport
	var set Setting
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = oversightdb.New(tx).ReportByID(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			row, err = oversightdb.PersonReport{ID: id}, nil
		}
		if err != nil {
			return err
		}
		set, err = setting(ctx, tx, row.AgencyID)
		return err
	})
	if err != nil {
		return v, err
	}
	file := row.FileID
	if file == "" {
		// No file has this id: the same work and the same answer.
		file = id
	}
	if v.File, _, v.permit, err = s.open(ctx, actor, ActReport, file); err != nil {
		return v, err
	}
	v.Given = Given{ID: row.ID, Way: GivenWay(row.Way), AskedAt: row.AskedAt, Printed: row.PrintedAt.Time}
	v.Names = set.WorkerNames
	v.Over = store.Moment(s.db.Clock()()).Sub(row.AskedAt) > reportLasts
	var entries []audit.Entry
	if v.Way != NotGiven && !v.Over {
		entries, err = s.guard.Find(ctx, audit.Search{
			Agency: actor.Agency, About: []audit.Subject{v.File.ID.Subject()}, Before: row.UpTo, Limit: reportMost + 1,
		})
		if err != nil {
			return v, err
		}
	}
	if v.Older = len(entries) > reportMost; v.Older {
		entries = entries[:reportMost]
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error { return s.tellAll(ctx, tx, &v, row, entries) })
	if err != nil {
		return v, err
	}
	return v, v.permit.Show(ctx, reportSubject(id))
}

// tellAll puts the entries of a file into the few words of a report.
func (s *Service) tellAll(ctx context.Context, tx *store.Tx, v *Report, row oversightdb.PersonReport, entries []audit.Entry) error {
	var err error
	open := func(column string, sealed []byte) string {
		if err != nil {
			return ""
		}
		var text string
		text, err = s.db.Vault().Open(ctx, tx, place(row.AgencyID, "person_report", column, row.ID), sealed)
		return text
	}
	if v.Words, v.Present = open("words", row.Words), open("present", row.Present); err != nil {
		return err
	}
	agency, err := directory.AgencyIn(ctx, tx, directory.AgencyID(row.AgencyID))
	if err != nil {
		return err
	}
	v.Agency = agency.Name
	left, err := oversightdb.New(tx).TiedWorkers(ctx, oversightdb.TiedWorkersParams{AgencyID: row.AgencyID, FileID: row.FileID})
	if err != nil {
		return err
	}
	accounts := []string{row.AskedBy}
	for _, e := range entries {
		accounts = append(accounts, e.Actor)
	}
	who, err := workers(ctx, tx, row.AgencyID, accounts)
	if err != nil {
		return err
	}
	v.By = who[row.AskedBy]
	at := map[Line]int{}
	for _, e := range entries {
		told := tell(e)
		w, known := who[e.Actor]
		if told == NotTold || !known || slices.Contains(left, e.Actor) {
			v.Left++
			continue
		}
		line := Line{On: e.At.In(s.zone).Format(time.DateOnly), Told: told, Role: w.RoleWords()}
		if v.Names {
			line.Name = w.Name
		}
		i, ok := at[line]
		if !ok {
			i = len(v.Lines)
			at[line] = i
			v.Lines = append(v.Lines, line)
		}
		v.Lines[i].Times++
	}
	return nil
}

// Print records that a report was printed to be handed over. Only what the
// person said may be given on paper is printed.
func (s *Service) Print(ctx context.Context, v Report) error {
	if !v.permit.Valid() {
		return audit.ErrNoPermit
	}
	if v.Way != OnPaper || v.Over {
		return store.ErrConflict
	}
	actor := v.permit.Actor()
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := store.Changed(oversightdb.New(tx).MarkPrinted(ctx, oversightdb.MarkPrintedParams{
			AgencyID: actor.Agency, ID: v.ID, PrintedAt: nullTime(tx.Now()), PrintedBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		return v.permit.Append(tx, ActPrint, "", v.File.ID.Subject(), reportSubject(v.ID))
	})
}
