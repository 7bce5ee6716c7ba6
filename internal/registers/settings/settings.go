package settings

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/settings/settingsdb"
)

// Offered and Sent are the indicators that the report is made of.
const (
	Offered = "B9.15.offered"
	Sent    = "B9.15.referred"
)

// Register keeps the list.
type Register struct {
	db      *store.DB
	guard   *audit.Guard
	counter *measures.Counter
	zone    *time.Location
}

// New makes the register. zone is where days are counted; nil means UTC.
func New(db *store.DB, guard *audit.Guard, counter *measures.Counter, zone *time.Location) *Register {
	if zone == nil {
		zone = time.UTC
	}
	return &Register{db: db, guard: guard, counter: counter, zone: zone}
}

// Today is the day in the place.
func (r *Register) Today() string {
	return store.Moment(r.db.Clock()()).In(r.zone).Format(time.DateOnly)
}

// Now is the present.
func (r *Register) Now() time.Time { return store.Moment(r.db.Clock()()) }

// Counter counts what the report shows.
func (r *Register) Counter() *measures.Counter { return r.counter }

// Words are what is said of a line.
type Words struct {
	Area string `json:"area,omitempty"`
	Whom string `json:"whom,omitempty"` // which team or service offers it
	Text string `json:"text,omitempty"` // what was agreed
}

// Line says how support is offered in a setting.
type Line struct {
	ID         string
	Agency     string
	AgencyName string
	Setting    Setting
	How        How
	Since      string // YYYY-MM-DD
	Until      string // empty while it goes on
	ReviewedOn string
	ReviewOn   string
	Words      Words
	Version    int64
}

// Goes tells whether support is offered so on a day.
func (l Line) Goes(today string) bool { return l.Since <= today && (l.Until == "" || l.Until >= today) }

const (
	textMax = 4000
	lineMax = 300
)

func (l Line) check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Ten(), l.Setting) {
		errs.Add("setting", "Select the setting")
	}
	if !slices.Contains(Hows(), l.How) {
		errs.Add("how", "Select how it is offered")
	}
	if l.Words.Whom == "" || len(l.Words.Whom) > lineMax {
		errs.Add("whom", "Enter which team or service offers it, in 300 characters or fewer")
	}
	if len(l.Words.Area) > lineMax {
		errs.Add("area", "Shorten this to 300 characters or fewer")
	}
	if len(l.Words.Text) > textMax {
		errs.Add("text", "Shorten this to 4000 characters or fewer")
	}
	for _, d := range []struct {
		field, day string
		must       bool
		ask        string
	}{
		{"since", l.Since, true, "Enter the day since when it is offered"},
		{"until", l.Until, false, "Enter the last day as a day, a month and a year, or leave it empty"},
		{"reviewed", l.ReviewedOn, true, "Enter the day on which somebody looked at it last"},
		{"review", l.ReviewOn, true, "Enter the day by which it is looked at again"},
	} {
		if _, err := time.Parse(time.DateOnly, d.day); err != nil && (d.must || d.day != "") {
			errs.Add(d.field, d.ask)
		}
	}
	if l.Until != "" && l.Until < l.Since && !errs.Any() {
		errs.Add("until", "The last day must be the same as or after the first")
	}
	return errs
}

func place(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "setting_offer", Column: "words_sealed", Row: id}
}

func subject(id string) audit.Subject { return audit.Subject{Kind: "setting", ID: id} }

// judge judges the keeping of a line, or of a new one. To another agency it is not
// there, like one that never was.
func (r *Register) judge(ctx context.Context, actor policy.Actor, id string) (audit.Permit, error) {
	if id == "" {
		return r.guard.Act(ctx, actor, ActKeep, listOf(actor.Agency), true)
	}
	whose := ""
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		whose, err = settingsdb.New(tx).LineAgency(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return audit.Permit{}, err
	}
	return r.guard.Act(ctx, actor, ActKeep, listOf(whose), false, subject(id))
}

// Keep adds a line to those of the actor's agency, or replaces what one says. It
// returns [store.ErrConflict] when somebody changed it since it was read.
func (r *Register) Keep(ctx context.Context, actor policy.Actor, l Line) error {
	permit, err := r.judge(ctx, actor, l.ID)
	if err != nil {
		return err
	}
	if errs := l.check(); errs.Any() {
		return errs
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		isNew := l.ID == ""
		if isNew {
			if l.ID, err = tx.NewID(); err != nil {
				return err
			}
		}
		sealed, err := tx.Vault().SealJSON(ctx, tx, place(actor.Agency, l.ID), l.Words)
		if err != nil {
			return err
		}
		q := settingsdb.New(tx)
		if isNew {
			err = q.InsertLine(ctx, settingsdb.InsertLineParams{
				AgencyID: actor.Agency, ID: l.ID, Setting: string(l.Setting), How: string(l.How), SinceOn: l.Since, UntilOn: l.Until, ReviewedOn: l.ReviewedOn, ReviewOn: l.ReviewOn,
				WordsSealed: sealed.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account,
			})
		} else {
			err = store.Changed(q.SetLine(ctx, settingsdb.SetLineParams{
				AgencyID: actor.Agency, ID: l.ID, How: string(l.How), SinceOn: l.Since, UntilOn: l.Until, ReviewedOn: l.ReviewedOn, ReviewOn: l.ReviewOn,
				WordsSealed: sealed.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: l.Version,
			}))
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActKeep, string(l.Setting), subject(l.ID))
	})
}

// Line is a line of the actor's own agency, to be changed.
func (r *Register) Line(ctx context.Context, actor policy.Actor, id string) (Line, error) {
	permit, err := r.judge(ctx, actor, id)
	if err != nil {
		return Line{}, err
	}
	list, err := r.lines(ctx)
	if err != nil {
		return Line{}, err
	}
	for _, l := range list {
		if l.ID == id && l.Agency == actor.Agency {
			return l, permit.Show(ctx, subject(id))
		}
	}
	return Line{}, store.ErrNotFound
}

func (r *Register) lines(ctx context.Context) (out []Line, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := settingsdb.New(tx).Lines(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			l := Line{
				ID: row.ID, Agency: row.AgencyID, AgencyName: row.Agency, Setting: Setting(row.Setting), How: How(row.How), Since: row.SinceOn, Until: row.UntilOn,
				ReviewedOn: row.ReviewedOn, ReviewOn: row.ReviewOn, Version: row.Version,
			}
			if err := tx.Vault().OpenJSON(ctx, tx, place(l.Agency, l.ID), row.WordsSealed, &l.Words); err != nil {
				return err
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// Figure is what the records count of one code of a setting, as it may be shown.
type Figure struct {
	Label                     string
	Disclosed, Offered, Taken string
}

// Row is a setting in the report.
type Row struct {
	Setting Setting
	Lines   []Line
	Figures []Figure
}

// Nobody tells whether nobody offers support there on a day.
func (r Row) Nobody(today string) bool {
	return !slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Goes(today) })
}

// Query says what is reported.
type Query struct {
	View   measures.View
	Period measures.Period
	Area   string // of the lines; empty for all
}

// Report is what is offered in the ten settings. Those in which nobody offers
// anything come first.
type Report struct {
	Rows    []Row
	Areas   []string // that lines name
	Today   string
	Results []measures.Result
}

// Report reads it. It returns [measures.ErrPeriod] and a [policy.Denied].
func (r *Register) Report(ctx context.Context, actor policy.Actor, q Query) (out Report, err error) {
	permit, err := r.guard.Act(ctx, actor, ActRead, listOf(""), true)
	if err != nil {
		return out, err
	}
	if err := permit.Show(ctx, subject("all")); err != nil {
		return out, err
	}
	out.Today = r.Today()
	out.Results, err = r.counter.Count(ctx, actor, measures.Query{IDs: []string{Offered, Sent}, Period: q.Period, Agency: q.View.Agency, Exact: q.View.Exact})
	if err != nil {
		return out, err
	}
	lines, err := r.lines(ctx)
	if err != nil {
		return out, err
	}
	for _, s := range Ten() {
		row := Row{Setting: s}
		for _, code := range s.Codes() {
			row.Figures = append(row.Figures, figure(out.Results, code))
		}
		for _, l := range lines {
			if l.Setting == s && (q.Area == "" || l.Words.Area == q.Area || l.Words.Area == "") {
				row.Lines = append(row.Lines, l)
			}
		}
		out.Rows = append(out.Rows, row)
	}
	for _, l := range lines {
		if l.Words.Area != "" && !slices.Contains(out.Areas, l.Words.Area) {
			out.Areas = append(out.Areas, l.Words.Area)
		}
	}
	slices.Sort(out.Areas)
	slices.SortStableFunc(out.Rows, func(a, b Row) int { return first(a.Nobody(out.Today)) - first(b.Nobody(out.Today)) })
	return out, nil
}

func first(nobody bool) int {
	if nobody {
		return 0
	}
	return 1
}

// figure finds what was counted of a code. Where nobody was counted, it is zero in
// each.
func figure(results []measures.Result, code Code) Figure {
	f := Figure{Label: code.Label, Disclosed: "0", Offered: "0", Taken: "0"}
	for _, result := range results {
		for _, row := range result.Rows() {
			if row.Part != code.Code {
				continue
			}
			f.Disclosed = row.Denominator.Persons.String()
			if result.Indicator.ID == Offered {
				f.Offered = row.Numerator.Persons.String()
			} else {
				f.Taken = row.Numerator.Persons.String()
			}
		}
	}
	return f
}

// WriteCSV writes a report as one table.
func (r Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"setting", "somebody offers support there", "how", "by whom", "agency", "area", "since", "looked at on", "look at it by", "kind of service in the records", "told staff", "offered", "referral sent"}}
	for _, row := range r.Rows {
		there := "yes"
		if row.Nobody(r.Today) {
			there = "no"
		}
		for _, l := range row.Lines {
			if l.Goes(r.Today) {
				rows = append(rows, []string{row.Setting.Label(), there, l.How.Label(), l.Words.Whom, l.AgencyName, l.Words.Area, l.Since, l.ReviewedOn, l.ReviewOn, "", "", "", ""})
			}
		}
		for _, f := range row.Figures {
			rows = append(rows, []string{row.Setting.Label(), there, "", "", "", "", "", "", "", f.Label, f.Disclosed, f.Offered, f.Taken})
		}
	}
	for _, line := range rows {
		for i := range line {
			line[i] = harmless(line[i])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a text for a formula (S26).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
