package referralweb

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/people"
)

// decisionView is a decision to share as typed.
type decisionView struct {
	Share  sharing.NewShare
	TellOn [3]string // day, month, year
	Errors forms.Errors
}

func readDecision(form url.Values) (sharing.NewShare, [3]string) {
	return sharing.Typed(form), [3]string{form.Get("tell_on-day"), form.Get("tell_on-month"), form.Get("tell_on-year")}
}

func yes(b bool) []string {
	if b {
		return []string{"yes"}
	}
	return nil
}

// day puts a stored day into words.
func day(s string) string { return cases.DayInWords(s) }

// london is where the days of the deployment are counted.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

func moment(t time.Time) string { return t.In(london).Format("2 January 2006, 3:04pm") }

func number(n int64) string { return strconv.FormatInt(n, 10) }

func who(name string) string {
	if name == "" {
		return "somebody who no longer works here"
	}
	return name
}

func known(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

func dueState(due, today string) ui.DateState {
	switch {
	case due < today:
		return ui.DateOverdue
	case due == today:
		return ui.DateToday
	}
	return ui.DateLater
}

func dueWords(due, today string) string {
	switch {
	case due < today:
		return "overdue"
	case due == today:
		return "today"
	}
	return ""
}

func rowState(r sharing.Row) string {
	switch r.Outcome {
	case sharing.Accepted:
		return "Accepted"
	case sharing.Declined:
		return "Declined"
	case sharing.Read:
		return "Acknowledged"
	}
	return waitingWords(r)
}

func inboxRows(v inboxView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range v.Rows {
		box := "You, by name"
		if r.Team != "" {
			box = known(v.Teams[r.Team])
		}
		held := "Nobody yet"
		if r.HeldBy != "" {
			held = who(v.Names[r.HeldBy])
		}
		due := ui.TableCell{Content: dueDate(r.DueOn, v.Today)}
		if r.State == sharing.Withdrawn {
			rows = append(rows, withdrawnCells(r, v.Places.agency(r.From), box))
			continue
		}
		if r.State != sharing.Waiting {
			due = ui.TableCell{Text: "Acknowledged"}
		}
		rows = append(rows, []ui.TableCell{
			{Content: rowLink(r, v.Places.agency(r.From))}, {Text: r.Reason.Label()}, {Text: box}, {Text: moment(r.Sent)}, due, {Text: rowState(r)}, {Text: held},
		})
	}
	return rows
}

func (v packetView) title() string { return v.Share.Reason.Label() }

// may tells what the page offers.
func (v packetView) mayAcknowledge() bool { return v.State == sharing.Waiting }

func (v packetView) mayDecide() bool {
	return v.State == sharing.Acknowledged && v.Share.Reason == sharing.Referral
}

func itemRows(c sharing.Content) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, i := range c.Items {
		row := ui.SummaryRow{Key: i.Title, ValueContent: lines(i.Text)}
		if said, is := sharing.Of(c.Said, string(i.Kind)); is {
			row.ValueContent = answered(i.Text, said)
		}
		rows = append(rows, row)
	}
	return rows
}

// saidColour is how an answer of the agreements stands out. Its words say it too.
func saidColour(e agreements.Effect) ui.TagColour {
	switch e {
	case agreements.Permit:
		return ui.TagGreen
	case agreements.Deny:
		return ui.TagRed
	case agreements.Review:
	}
	return ui.TagYellow
}

func clauseHref(r agreements.Ref) string {
	return "/agreements/" + string(r.Agreement) + "?version=" + strconv.Itoa(r.Version) + "#clause-" + r.Clause
}

// keepWords is for how long the receiver sees it, and keeps what they took in.
func keepWords(s sharing.Said) string {
	text := ""
	if s.Days > 0 {
		text = "Under the agreement they see it for " + strconv.Itoa(s.Days) + " days."
	}
	if s.Months > 0 {
		text += " They keep what they took in for " + strconv.Itoa(s.Months) + " months."
	}
	return strings.TrimSpace(text)
}

// askWhom is who advises at the sender's agency.
func askWhom(names []string) string {
	if len(names) == 0 {
		return "your key contact"
	}
	return strings.Join(names, " or ") + ", who advises at your agency"
}

// personSaid is what the agreements say of the details of the person.
func personSaid(said []sharing.PartAnswer) []ui.SummaryRow {
	p, is := sharing.Of(said, sharing.PersonPart)
	if !is {
		return nil
	}
	return []ui.SummaryRow{{Key: "The agreement says", ValueContent: answerOf(p)}}
}

func personRows(d people.Details) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Name", Value: d.Name()},
		{Key: "Born", Value: day(d.Born)},
		{Key: "Gender, in their own words", Value: known(d.Gender)},
		{Key: "Language", Value: known(d.Language)},
		{Key: "What they need to use a service", Value: known(d.AccessNeeds)},
	}
}

// said puts lines into the rows of a page.
func said(list []sharing.Line) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, l := range list {
		rows = append(rows, ui.SummaryRow{Key: l.Key, ValueContent: lines(l.Text)})
	}
	return rows
}

// decisionRows is the decision to share.
func decisionRows(s sharing.Share, c sharing.Content) []ui.SummaryRow {
	return said(c.DecisionLines(s))
}

func (v packetView) whyRows() []ui.SummaryRow {
	rule := "The rules allow it."
	if list := v.Packet.Because(); len(list) > 0 {
		rule = list[0]
	}
	return []ui.SummaryRow{
		{Key: "The rule", Value: rule},
		{Key: "Who shared it", Value: who(v.Content.Sender) + ", " + v.From + ", on " + moment(v.Share.SentAt)},
		{Key: "Sent to", Value: v.To},
		{Key: "Lawful basis", Value: v.Share.Basis.Label()},
		{Key: "Until when", Value: moment(v.Share.ExpiresAt)},
		{Key: "People at your agency it is addressed to", Value: strconv.Itoa(v.Others)},
		{Key: "Who looked", Value: "Every time somebody opens it, that is recorded."},
	}
}

// draft is the envelope that a referral will have, for the page that asks to
// check it.
func (v sendView) draft() (sharing.Share, sharing.Content) {
	n := v.toSend()
	envelope := sharing.Share{
		Basis: n.Share.Basis, Agreement: v.Said.Under, Asked: n.Share.Views.Asked, Informed: n.Share.Views.Informed,
		TellOn: n.Share.Views.TellOn, Grounds: n.Share.Grounds, ActedNow: n.Share.ActNow, Urgent: n.Share.Urgent,
	}
	share := n.Share
	share.Items, share.Person = n.Items(), v.Person.Details
	content := sharing.Preview(v.File.Actor().Name, share)
	content.Said = v.Said.Parts
	return envelope, content
}

func panelRows(v panelView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range v.Rows {
		rows = append(rows, []ui.TableCell{
			{Content: referralLink(r, v.Places.to(r.To))}, {Text: r.State.Label()}, {Text: moment(latest(r))},
		})
	}
	return rows
}

// latest is when something last happened to a referral.
func latest(r referral.Referral) time.Time {
	last := r.CreatedAt
	for _, t := range []time.Time{r.SentAt, r.AcknowledgedAt, r.DecidedAt, r.FeedbackAt} {
		if t.After(last) {
			last = t
		}
	}
	return last
}

func progressRows(v showView) []ui.SummaryRow {
	r := v.Referral
	rows := []ui.SummaryRow{
		{Key: "To", Value: v.To}, {Key: "For", Value: r.Subject.Label()}, {Key: "Where it stands", Value: r.State.Label()},
	}
	add := func(key, value string) { rows = append(rows, ui.SummaryRow{Key: key, ValueContent: lines(value)}) }
	if !r.OfferedAt.IsZero() {
		text := moment(r.OfferedAt) + ". " + r.Answer.Label()
		if r.Why != referral.NoWhy {
			text += ". " + r.Why.Label()
		}
		add(map[bool]string{true: "Not offered", false: "Offered"}[r.State == referral.NotAsked], text)
	}
	if v.Earlier != "" {
		rows = append(rows, ui.SummaryRow{Key: "Follows", ValueContent: earlierLink(v)})
	}
	if r.PassesOn != "" {
		add("Passes on", "The referral that this case began with")
	}
	if v.Held != nil {
		add("Sent", moment(v.Held.SentAt)+", to be acknowledged by "+day(v.Held.DueOn))
		if !v.Held.AcknowledgedAt.IsZero() {
			add("Acknowledged", moment(v.Held.AcknowledgedAt)+", by "+who(v.Held.AcknowledgedBy))
		}
		if v.Now == sharing.Expired {
			add("Expired", moment(v.Held.ExpiresAt)+". They can no longer see it. If it still matters, send it again")
		}
	}
	if !r.DecidedAt.IsZero() {
		text := moment(r.DecidedAt)
		if r.Reason != "" {
			text += ". " + r.Reason.Label()
		}
		if r.Words != "" {
			text += ": " + r.Words
		}
		add("Decided", text)
	}
	if v.Feedback != nil {
		add("Feedback arrived", moment(v.Feedback.SentAt))
	}
	return rows
}

func feedbackText(s sharing.Share) string {
	text := "Sent " + moment(s.SentAt)
	if s.AcknowledgedAt.IsZero() {
		return text + ", not acknowledged yet"
	}
	return text + ", acknowledged by the referrer " + moment(s.AcknowledgedAt)
}

func subjectItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, s := range referral.Subjects() {
		items = append(items, ui.RadioItem{Value: string(s), Text: s.Label()})
	}
	return items
}

// whyOf has what is said of the reason beside the field in which it was chosen.
func whyOf(errs forms.Errors, a referral.Answer) forms.Errors {
	field := "why_not"
	if a == referral.NotSafe {
		field = "why_unsafe"
	}
	var out forms.Errors
	for _, e := range errs {
		if e.Field == "why" {
			e.Field = field
		}
		out.Add(e.Field, e.Message)
	}
	return out
}

func answerItems(why referral.Why, errs forms.Errors) []ui.RadioItem {
	var items []ui.RadioItem
	for _, a := range referral.Answers() {
		item := ui.RadioItem{Value: string(a), Text: a.Label()}
		switch a {
		case referral.NotNow:
			item.Conditional = whyField("why_not", "If they said why, what was it?", a, why, errs.Get("why_not"))
		case referral.NotSafe:
			item.Conditional = whyField("why_unsafe", "Why was it not safe?", a, why, errs.Get("why_unsafe"))
		case referral.Wants, referral.Undecided:
		}
		items = append(items, item)
	}
	return items
}

func whyItems(a referral.Answer) []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, w := range referral.Whys(a) {
		items = append(items, ui.SelectItem{Value: string(w), Text: w.Label()})
	}
	return items
}

func stageItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, s := range referral.Stages() {
		items = append(items, ui.RadioItem{Value: string(s), Text: s.Label()})
	}
	return items
}

// causeItems are the causes of the stages that have some.
func causeItems() []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Choose, where they wait or it has ended"}}
	for _, s := range []referral.Stage{referral.WaitingStage, referral.EndedStage} {
		for _, c := range referral.Causes(s) {
			text := map[referral.Stage]string{referral.WaitingStage: "Waits: ", referral.EndedStage: "Ended: "}[s] + c.Label()
			items = append(items, ui.SelectItem{Value: string(s) + "/" + string(c), Text: text})
		}
	}
	return items
}

func stepText(s referral.Step) string {
	text := moment(s.At) + ": " + s.Line()
	if s.Share == "" {
		return text + ". The referrer was told nothing."
	}
	return text + ". The referrer was told."
}

func reasonItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, r := range referral.Reasons() {
		items = append(items, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return items
}

func askedItems(v decisionView) []ui.RadioItem {
	var items []ui.RadioItem
	for _, a := range sharing.Answers() {
		item := ui.RadioItem{Value: string(a), Text: a.Label()}
		if a == sharing.NotYet {
			item.Conditional = whyNotAsked(v)
		}
		items = append(items, item)
	}
	return items
}

func informedItems(v decisionView) []ui.RadioItem {
	var items []ui.RadioItem
	for _, i := range sharing.InformedWays() {
		item := ui.RadioItem{Value: string(i), Text: i.Label()}
		if i == sharing.Unsafe {
			item.Conditional = notTold(v)
		} else {
			item.Conditional = howTheyKnow(v)
		}
		items = append(items, item)
	}
	return items
}

func basisItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, b := range sharing.Bases() {
		items = append(items, ui.RadioItem{Value: string(b), Text: b.Label(), Hint: b.Hint()})
	}
	return items
}

func boxItems(v inboxView) []ui.NavItem {
	var items []ui.NavItem
	for _, b := range sharing.Boxes() {
		items = append(items, ui.NavItem{Text: b.Label(), Href: Inbox + "?box=" + string(b), Current: b == v.Box})
	}
	return items
}

func (v packetView) sentBy() string {
	return "From " + who(v.Content.Sender) + ", " + v.From + ". Sent " + moment(v.Share.SentAt) + "."
}

func (r *received) sentBy() string {
	return "From " + who(r.Held.Content.Sender) + ", " + r.From + ", " + moment(r.Held.SentAt) + "."
}
