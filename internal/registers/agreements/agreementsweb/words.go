package agreementsweb

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "not set"
	}
	return t.Format("2 January 2006")
}

func moment(t time.Time) string { return t.In(london).Format("2 January 2006, 3:04pm") }

// london is where the days of the deployment are counted.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

// review is the day by which a version is to be looked at again; red once it has
// passed.
func review(v agreements.Version, today string) ui.ContextualDateParams {
	d := ui.ContextualDateParams{Text: day(v.Document.ReviewOn), DateTime: v.Document.ReviewOn, State: ui.DateLater}
	if v.Overdue(today) {
		d.State, d.Words = ui.DateOverdue, "overdue"
	}
	return d
}

func stateColour(s agreements.State) ui.TagColour {
	switch s {
	case agreements.InForce:
		return ui.TagGreen
	case agreements.Signing, agreements.Coming, agreements.Complete:
		return ui.TagYellow
	case agreements.Ended, agreements.Superseded:
		return ui.TagGrey
	case agreements.Draft:
	}
	return ui.TagDefault
}

func effectColour(e agreements.Effect) ui.TagColour {
	switch e {
	case agreements.Permit:
		return ui.TagGreen
	case agreements.Deny:
		return ui.TagRed
	case agreements.Review:
	}
	return ui.TagYellow
}

func listRows(v listView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range v.List {
		for i, version := range a.Versions {
			// The latest, and the one in force where that is another.
			if i > 0 && version.State != agreements.InForce {
				continue
			}
			rows = append(rows, []ui.TableCell{
				{Content: link(path(a.ID)+"?version="+strconv.Itoa(version.Number), version.Document.Title+", version "+strconv.Itoa(version.Number))},
				{Content: ui.Tag(ui.TagParams{Text: version.State.Label(), Colour: stateColour(version.State)})},
				{Text: strconv.Itoa(len(version.Document.Parties))},
				{Content: ui.ContextualDate(review(version, v.Today))},
				waits(v, version),
			})
		}
	}
	return rows
}

// waits is what an agreement waits for, seen from an agency; a key contact is led
// there.
func waits(v listView, version agreements.Version) ui.TableCell {
	own, unsigned := directory.AgencyID(v.Actor.Agency), version.Unsigned()
	switch {
	case version.State == agreements.Draft && v.Begin && version.Author == own:
		return ui.TableCell{Content: link(path(version.Agreement)+"/check", "To be put to the parties")}
	case version.State != agreements.Signing:
		return ui.TableCell{}
	case slices.Contains(unsigned, own) && v.Begin:
		return ui.TableCell{Content: link(path(version.Agreement)+"/sign", "To be signed by your agency")}
	case slices.Contains(unsigned, own):
		return ui.TableCell{Text: "To be signed by your agency"}
	case len(unsigned) == 1:
		return ui.TableCell{Text: "One party has to sign"}
	}
	return ui.TableCell{Text: fmt.Sprintf("%d parties have to sign", len(unsigned))}
}

// mend is where a finding is put right.
func (v checkView) mend(f agreements.Finding) (href, text string) {
	at := path(v.Agreement.ID)
	switch f.Kind {
	case agreements.NoReviewDate, agreements.NoStartDate, agreements.NobodySigns:
		return at + "/edit", "Title, parties and days"
	case agreements.NoClauses:
		return at + "/clauses/new", "Add a clause"
	case agreements.NoContact:
		return at + "/contact", "Who advises at your agency"
	case agreements.Differs, agreements.Unreachable:
	}
	return at + "/clauses/" + f.Clause.ID, "Change clause " + f.Clause.ID
}

func factRows(v showView) []ui.SummaryRow {
	d := v.Version.Document
	var parties []string
	for _, p := range d.Parties {
		text := v.Places.Name(p.Agency, "")
		if len(p.Teams) > 0 {
			var teams []string
			for _, t := range p.Teams {
				teams = append(teams, v.Places.Name(p.Agency, t))
			}
			text = strings.Join(teams, "; ")
		}
		parties = append(parties, text)
	}
	return []ui.SummaryRow{
		{Key: "What it is for", Value: d.About},
		{Key: "Parties", ValueContent: lines(parties)},
		{Key: "Written by", Value: v.Places.Name(v.Agreement.Author, "")},
		{Key: "First day", Value: day(d.StartOn)},
		{Key: "To be reviewed by", ValueContent: ui.ContextualDate(review(v.Version, v.Today))},
	}
}

// partyRows are who advises and who signed.
func partyRows(v showView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, p := range v.Version.Parties {
		advises := p.Names.Contact
		if advises == "" {
			advises = "Named when the party signs"
		}
		var instead []string
		for _, other := range p.NotFor {
			instead = append(instead, v.Places.Name(other, ""))
		}
		standIn := p.Names.StandIn
		if len(instead) > 0 {
			standIn += ", instead for " + strings.Join(instead, " and ") + " (" + p.Names.Conflict + ")"
		}
		rows = append(rows, []ui.TableCell{{Text: v.Places.Name(p.Agency, "")}, {Text: advises}, {Text: or(standIn, "Nobody")}, {Text: signature(p)}})
	}
	return rows
}

func signature(p agreements.Signature) string {
	switch {
	case !p.SignedAt.IsZero():
		return p.Names.Signer + ", " + moment(p.SignedAt)
	case !p.WithdrawnAt.IsZero():
		return "Withdrew, " + moment(p.WithdrawnAt) + ": " + p.Names.Withdrawn
	}
	return "Not signed"
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func versionRows(v showView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for i, one := range v.Agreement.Versions {
		name := "Version " + strconv.Itoa(one.Number)
		first := ui.TableCell{Content: link(path(v.Agreement.ID)+"?version="+strconv.Itoa(one.Number), name)}
		if one.Number == v.Version.Number {
			first = ui.TableCell{Text: name + ", shown here"}
		}
		compare := ui.TableCell{Text: "The first"}
		if i+1 < len(v.Agreement.Versions) {
			before := v.Agreement.Versions[i+1].Number
			q := url.Values{"from": {strconv.Itoa(before)}, "to": {strconv.Itoa(one.Number)}}
			compare = ui.TableCell{Content: link(path(v.Agreement.ID)+"/compare?"+q.Encode(), "Compare with version "+strconv.Itoa(before))}
		}
		rows = append(rows, []ui.TableCell{first, {Content: ui.Tag(ui.TagParams{Text: one.State.Label(), Colour: stateColour(one.State)})}, {Text: day(one.Document.StartOn)}, compare})
	}
	return rows
}

// findingWords is a finding in a sentence, and what to do.
func (v checkView) findingWords(f agreements.Finding) (says, do string) {
	switch f.Kind {
	case agreements.NoReviewDate:
		return "There is no day of review.", "Set it under title, parties and days."
	case agreements.NoStartDate:
		return "There is no first day.", "Set it under title, parties and days."
	case agreements.NoClauses:
		return "There is no clause.", "Add one: what no clause speaks of is always asked of the key contact."
	case agreements.NobodySigns:
		return v.Places.Name(f.Party, "") + " has no key contact, so that nobody can sign or advise there.", "Ask them to name one, or take them out of the parties."
	case agreements.NoContact:
		return "Your agency has not named its key contact.", "Name who advises at your agency. The others do so when they sign."
	case agreements.Differs, agreements.Unreachable:
	}
	other := "clause " + f.Other.Clause + " (" + f.Clash.Effect.Label() + ")"
	if f.Other.Agreement != "" {
		other = "clause " + f.Other.Clause + " of “" + or(v.Titles[f.Other.Agreement], "an agreement between other parties too") + "” (" + f.Clash.Effect.Label() + ")"
	}
	if f.Kind == agreements.Unreachable {
		return "Clause " + f.Clause.ID + " (" + f.Clause.Effect.Label() + ") never decides anything: wherever it applies, " + other + " wins.", "Change one of them, or take clause " + f.Clause.ID + " out."
	}
	return "Clause " + f.Clause.ID + " (" + f.Clause.Effect.Label() + ") and " + other + " can both apply.", "Then the answer is: " + f.Wins.Label() + ". Leave it if that is meant, or change one of them."
}

func (v checkView) clashWords(f agreements.Finding) []string {
	return []string{"Clause " + f.Clause.ID + ": " + f.Clause.Words, "The other: " + f.Clash.Words}
}

func selects[T interface {
	~string
	Label() string
}](list []T, first string) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: first}}
	for _, one := range list {
		out = append(out, ui.SelectItem{Value: string(one), Text: one.Label()})
	}
	return out
}

func boxes[T interface {
	~string
	Label() string
}](list []T) []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, one := range list {
		out = append(out, ui.CheckboxItem{Value: string(one), Text: one.Label()})
	}
	return out
}

func texts[T ~string](list []T) []string {
	var out []string
	for _, one := range list {
		out = append(out, string(one))
	}
	return out
}

func effects() []ui.RadioItem {
	var out []ui.RadioItem
	for _, e := range agreements.Effects() {
		out = append(out, ui.RadioItem{Value: string(e), Text: e.Label()})
	}
	return out
}

// ends offers agencies and teams.
func ends(p agreements.Places, first string, offer func(agreements.Place) bool) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: first}}
	for _, one := range p.All() {
		if offer(one) {
			out = append(out, ui.SelectItem{Value: endValue(one.Agency, one.Team), Text: one.Name})
		}
	}
	return out
}

// partyEnds offers the parties of a draft, with those of their teams that are
// bound.
func (v clauseView) partyEnds() []ui.SelectItem {
	return ends(v.Places, "Every party", func(one agreements.Place) bool {
		p, is := v.Draft.Document.Party(one.Agency)
		return is && (one.Team == "" || len(p.Teams) == 0 || slices.Contains(p.Teams, one.Team))
	})
}

func everywhere(agreements.Place) bool { return true }

func (v editView) partyItems() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, one := range v.Places.All() {
		item := ui.CheckboxItem{Value: endValue(one.Agency, one.Team), Text: one.Name}
		if one.Team != "" {
			item.Text = "Only " + one.Name
		}
		out = append(out, item)
	}
	return out
}

func (v adviceView) people(keyContactsOnly bool, first string) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: first}}
	for _, a := range v.Advisers {
		if a.KeyContact || !keyContactsOnly {
			out = append(out, ui.SelectItem{Value: a.Account, Text: a.Name})
		}
	}
	return out
}

func (v adviceView) others() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, p := range v.Version.Document.Parties {
		if p.Agency != v.Own {
			out = append(out, ui.CheckboxItem{Value: string(p.Agency), Text: v.Places.Name(p.Agency, "")})
		}
	}
	return out
}

// links lead from the summary of errors to the fields.
func links(errs forms.Errors, fields ...string) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		to := e.Field
		switch {
		case to == "start_on" || to == "review_on":
			to += "-day"
		case !slices.Contains(fields, to):
			to = fields[0]
		}
		out = append(out, ui.Link{Text: e.Message, Href: "#" + to})
	}
	return out
}

func figureRows(list []agreements.Figures, name func(agreements.Figures) string) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, f := range list {
		late := ui.TableCell{Text: f.Overdue.String()}
		if f.Late {
			late = ui.TableCell{Content: ui.Tag(ui.TagParams{Text: f.Overdue.String() + " overdue", Colour: ui.TagRed})}
		}
		rows = append(rows, []ui.TableCell{
			{Text: name(f)},
			{Text: f.Sent.String()},
			{Text: f.Acknowledged.String()},
			{Text: or(f.Hours, "Too few to say")},
			{Text: f.Declined.String()},
			{Text: f.Overrides.String()},
			late,
		})
	}
	return rows
}

var figureHead = []string{"Sent", "Acknowledged by a person", "Mean time until then", "Declined", "Left against the agreement, or before review", "Not acknowledged by its day"}

func figuresHead(first string) []ui.TableCell {
	out := []ui.TableCell{{Text: first}}
	for _, text := range figureHead {
		out = append(out, ui.TableCell{Text: text})
	}
	return out
}

func (v monitorView) agreementName(f agreements.Figures) string {
	if f.Agreement == "" {
		return "No agreement spoke of it"
	}
	return or(v.Titles[f.Agreement], "An agreement your agency is no party of any more")
}

func (v monitorView) partyName(f agreements.Figures) string { return v.Places.Name(f.To, "") }

// reviewRows are the agreements in force with their day of review, those that are
// past it first.
func (v monitorView) reviewRows() [][]ui.TableCell {
	var rows, later [][]ui.TableCell
	for _, a := range v.List {
		version, ok := a.InForce()
		if !ok {
			continue
		}
		row := []ui.TableCell{{Content: link(path(a.ID), version.Document.Title)}, {Content: ui.ContextualDate(review(version, v.Today))}}
		if version.Overdue(v.Today) {
			rows = append(rows, row)
		} else {
			later = append(later, row)
		}
	}
	return append(rows, later...)
}

func revisionField(n int64) []ui.HiddenField {
	return []ui.HiddenField{{Name: "revision", Value: strconv.FormatInt(n, 10)}}
}

func versionField(n int) []ui.HiddenField {
	return []ui.HiddenField{{Name: "version", Value: strconv.Itoa(n)}}
}
