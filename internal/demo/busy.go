package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/support"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// The names of those in the busy caseload. They are not among the others, and
// nothing about them is left to chance: what happens to everybody else in the
// county does not depend on how many there are.
var (
	busyGiven  = strings.Fields("Ada Bryony Cora Delia Edith Fern Gilda Hazel Ines Juno Kezia Lorna Mabel Nora Ottoline Petra Quilla Roxana Selma Tova Una Verity Willa Xenia")
	busyFamily = strings.Fields("Appleyard Birtwhistle Cattermole Dunwoody")
)

// busyCases is how many cases the busy caseload has beside the others, and
// unreachedCases how many of them are of people whom nobody has reached.
const (
	busyCases      = 62
	unreachedCases = 4
)

// busy gives the IDVA the caseload of somebody in the field: too many cases,
// some reviews overdue, and people who have not been reached.
func (c *county) busy() {
	for i := range busyCases {
		days := 176 - i*3
		if last := i - 47; last > 0 { // in the last weeks they come faster
			days = 35 - last*2
		}
		if last := i - (busyCases - unreachedCases); last >= 0 { // they came last week
			days = 6 - last
		}
		c.plan(before(days, 9, 20+i%30), func(ctx context.Context) error { return c.busyCase(ctx, i, days) })
	}
	c.plan(before(2, 11, 5), c.visited)
}

// visited is somebody whom the social worker met, and works with.
func (c *county) visited(ctx context.Context) error {
	d := people.Details{GivenName: "Nettie", FamilyName: "Dunwoody", Born: "1948", Language: "English", AccessNeeds: "Uses a walking frame"}
	return c.sitting(ctx, "ruth.social", func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: d, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("ruth.social")})
		if err != nil {
			return err
		}
		if err := c.safeContact(ctx, f, c.busyContact("07700 900499")); err != nil {
			return err
		}
		_, err = c.Support.Record(ctx, f, support.Happened{
			Outward: true, Whom: support.Person, Channel: people.InPerson, At: c.Clock.Now(), Outcome: support.Spoke, Words: support.Words{Text: "At the day centre, while her son was out."},
		})
		if err != nil {
			return err
		}
		n := support.Need{Domain: support.Daily, Term: support.Immediate, Words: support.NeedWords{Text: "Her son keeps her pension. She has no say in what is bought."}}
		if _, err := c.Support.AddNeed(ctx, f, n); err != nil {
			return err
		}
		if err := c.Support.SetGoal(ctx, f, support.Goal{Domain: support.Money, Text: "“My own purse.”"}); err != nil {
			return err
		}
		_, err = c.Support.Agree(ctx, f, support.Action{Due: Start.AddDate(0, 0, 9).Format(dateOnly), Text: "Ask at the bank for a card of her own."})
		return err
	})
}

func (c *county) busyCase(ctx context.Context, i, days int) error {
	d := people.Details{
		GivenName: busyGiven[i%len(busyGiven)], FamilyName: busyFamily[i/len(busyGiven)], Born: fmt.Sprintf("%d-0%d-1%d", 1965+i%38, 1+i%9, i%9), Language: "English",
	}
	if i == 3 {
		d.Language = "Polish"
	}
	var id cases.ID
	err := c.sitting(ctx, "lena.idva", func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: d, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("lena.idva")})
		if err != nil {
			return err
		}
		id = f.ID()
		c.held = append(c.held, id)
		came := support.AgencyReferred
		if i%4 == 0 && i < busyCases-unreachedCases {
			came = support.SelfReferred
		}
		return c.Support.SetArrival(ctx, f, support.Arrival{Came: came, At: c.Clock.Now().Add(-time.Hour), Primary: actor.Account})
	})
	if err != nil {
		return err
	}
	at := func(days, hour int, do func(context.Context, *cases.File) error) {
		c.plan(before(days, hour, 10+i%40), func(ctx context.Context) error { return c.visit(ctx, "lena.idva", id, do) })
	}
	if last := i - (busyCases - unreachedCases); last >= 0 {
		c.unreached(last, days, at)
		return nil
	}
	c.meets(i, id)
	number := fmt.Sprintf("07700 900%03d", 500+i)
	at(days, 12, func(ctx context.Context, f *cases.File) error { return c.safeContact(ctx, f, c.busyContact(number)) })
	if i%13 != 5 { // of some nobody has found the time yet
		at(weekday(days-1), 11, func(ctx context.Context, f *cases.File) error {
			return c.called(ctx, f, support.Spoke, "Told how the service works. Wants to go on.")
		})
	}
	if i%3 != 2 {
		at(days-1, 14, func(ctx context.Context, f *cases.File) error { return c.busyRisk(ctx, f, i) })
	}
	if i%2 == 0 {
		at(days-2, 13, func(ctx context.Context, f *cases.File) error { return c.busyNeeds(ctx, f, i) })
	}
	for week := 30; week < days-5; week += 45 {
		at(week, 11, func(ctx context.Context, f *cases.File) error { return c.called(ctx, f, support.NoAnswer, "") })
	}
	if i%5 != 4 && days > 40 { // asked again, so that it is still in date
		at(20+i%10, 12, func(ctx context.Context, f *cases.File) error { return c.safeContact(ctx, f, c.busyContact(number)) })
	}
	if days > 40 {
		c.busyLetters(i, at, number)
	}
	if i%4 == 0 && i%5 != 4 && days > 40 {
		at(3, 10, func(ctx context.Context, f *cases.File) error {
			_, err := c.Support.Plan(ctx, f, support.Asking{
				Whom: support.Person, Reach: support.Reach{Channel: people.Mobile, At: Start.AddDate(0, 0, 1+i%4).Add(time.Hour)}, Words: support.Words{Text: "How the week was, and the letter from the council."},
			})
			return err
		})
	}
	switch i {
	case 4: // the first whose end is in the demo
		at(6, 15, c.exit)
	case 8:
		at(3, 15, c.unsafeCall)
	}
	return nil
}

func (c *county) busyContact(number string) people.ContactForm {
	return people.ContactForm{
		Ways: []people.Way{
			{
				Channel: people.Mobile, Allowed: people.Yes, Detail: number, Message: people.No,
				Hours: people.Hours{Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}, From: "10:00", Until: "16:00"},
			},
			{Channel: people.Text, Allowed: people.No, Conditions: "The telephone is looked through"},
			{Channel: people.InPerson, Allowed: people.Yes, Conditions: "At the centre"},
		},
		NeverSpeak: "Anybody else who answers",
	}
}

// weekday is the same day, or the next that is no Saturday or Sunday: people
// may be called on those only. Days are counted backwards from the demo's own.
func weekday(days int) int {
	switch before(days, 12, 0).Weekday() {
	case time.Saturday:
		return days - 2
	case time.Sunday:
		return days - 1
	default:
		return days
	}
}

// called records a call in the way in which it would be made.
func (c *county) called(ctx context.Context, f *cases.File, o support.Outcome, text string) error {
	id, v, err := c.Support.Ask(ctx, f, support.Asking{Whom: support.Person, Reach: support.Reach{Channel: people.Mobile}})
	if err != nil || !v.OK() {
		return err
	}
	return c.Support.Finish(ctx, f, id, support.Happened{At: c.Clock.Now(), Outcome: o, Words: support.Words{Text: text}})
}

func (c *county) busyRisk(ctx context.Context, f *cases.File, i int) error {
	answers := forms.Answers{}
	for theme := range 24 {
		answer := "no"
		if theme < 4+i%5 || i%3 == 0 && theme < 15 {
			answer = "yes"
		}
		answers.Set(fmt.Sprint(theme+1), answer)
	}
	finding := risk.Finding{Judgement: risk.NotHigh, ReviewOn: c.Clock.Now().AddDate(0, 0, 42).Format(dateOnly)}
	if i%3 == 0 {
		finding.Judgement, finding.Reason = risk.High, "He comes to where she works, and has said what he would do."
	}
	id, err := c.Risk.Identify(ctx, f, risk.NewIdentification{Answers: answers, Finding: finding})
	if err != nil {
		return err
	}
	c.comesBack(f, id)
	return c.followsUp(ctx, f)
}

func (c *county) busyNeeds(ctx context.Context, f *cases.File, i int) error {
	domains := []support.Domain{support.Housing, support.MentalHealth, support.Money, support.Legal, support.Alcohol, support.Children}
	need := support.Need{Domain: domains[i/2%len(domains)], Term: support.Immediate, Words: support.NeedWords{Text: "Wants help with this first."}}
	if need.Domain == support.MentalHealth {
		need.Abuse, need.Weeks = support.Ongoing, 4
		need.Treated, need.Treatment, need.Qualified, need.Trained = support.AwaitsTreatment, support.TraumaTherapy, support.Yes, support.NotKnown
		need.Words = support.NeedWords{Text: "Cannot sleep, and starts at every sound.", Provider: "Community mental health", Preferences: "A woman, and not in a group."}
	}
	if _, err := c.Support.AddNeed(ctx, f, need); err != nil {
		return err
	}
	if _, err := c.Support.AddNeed(ctx, f, support.Need{Domain: support.Community, Term: support.LongerTerm, Words: support.NeedWords{Text: "Has lost touch with friends."}}); err != nil {
		return err
	}
	if err := c.Support.SetGoal(ctx, f, support.Goal{Domain: support.Safety, Text: "“I want to sleep through the night in my own flat.”"}); err != nil {
		return err
	}
	if i == 8 {
		n := support.Need{Domain: support.Entitlement, Term: support.Immediate, Words: support.NeedWords{Text: "Her leave to stay hangs on his. Needs advice before she leaves."}}
		if _, err := c.Support.AddNeed(ctx, f, n); err != nil {
			return err
		}
	}
	due := Start.AddDate(0, 0, i%17-2).Format(dateOnly)
	if _, err := c.Support.Agree(ctx, f, support.Action{Owner: f.Lead(), Due: due, Text: "Write to the council about the locks."}); err != nil {
		return err
	}
	offers := []support.Offer{
		{Option: support.Advocacy, Answer: support.Accepted},
		{Option: support.LocalGroup, Answer: support.Declined, Text: "Not with people from her own street."},
	}
	if i%4 == 2 {
		offers = append(offers, support.Offer{Option: support.Skills, Answer: support.Offered})
	}
	if need.Domain == support.MentalHealth && i%4 == 2 {
		offers = append(offers, support.Offer{Option: support.MentalHealthService, Answer: support.Accepted}, support.Offer{Option: support.SocialCare, Answer: support.NotSuitable, Text: "They work with her already."})
	}
	for _, o := range offers {
		if err := c.Support.RecordOffer(ctx, f, o); err != nil {
			return err
		}
	}
	if _, err := c.Support.MakePlan(ctx, f, support.Plan{Text: "Locks first, then the flat. She decides about the court later.", Together: true, ReviewOn: Start.AddDate(0, 0, i%29-1).Format(dateOnly)}); err != nil {
		return err
	}
	return c.Support.RecordOutcomes(ctx, f, support.OutcomeSet{Stage: support.Intake, Text: "“I look over my shoulder all day.”", Said: map[support.Aspect]support.Said{
		support.FeelingSafe: {Scored: true, Score: 2}, support.FreeDailyLife: {Scored: true, Score: 3}, support.OwnWellbeing: {Scored: true, Score: 4},
	}})
}

// unreached are the people of this week whom nobody has reached.
func (c *county) unreached(which, days int, at func(days, hour int, do func(context.Context, *cases.File) error)) {
	switch which {
	case 0: // a cautious first attempt, without an answer
		at(days-1, 11, func(ctx context.Context, f *cases.File) error {
			id, v, err := c.Support.Ask(ctx, f, support.Asking{Whom: support.Person, Reach: support.Reach{Channel: people.Mobile, Cautious: true}})
			if err != nil || v.Answer != support.Cautious {
				return fmt.Errorf("the cautious first attempt: %v %w", v, err)
			}
			return c.Support.Finish(ctx, f, id, support.Happened{At: c.Clock.Now(), Outcome: support.NoAnswer, Words: support.Words{Text: "Number withheld. Nobody answered."}})
		})
	case 1: // a call that was refused
		at(days-1, 11, func(ctx context.Context, f *cases.File) error {
			_, _, err := c.Support.Ask(ctx, f, support.Asking{Whom: support.Person, Reach: support.Reach{Channel: people.Landline}})
			return err
		})
	}
}

// unsafeCall is a call that was made though nobody knew whether it was safe,
// and that is written down all the same.
func (c *county) unsafeCall(ctx context.Context, f *cases.File) error {
	_, err := c.Support.Record(ctx, f, support.Happened{
		Outward: true, Whom: support.Person, Channel: people.Landline, At: c.Clock.Now(), Outcome: support.SomebodyElse,
		Words: support.Words{Text: "A man answered. Said that it was a wrong number.", Why: "The school rang: she had not come for the children."},
	})
	return err
}

// exit ends the work in one case, with how she says things are.
func (c *county) exit(ctx context.Context, f *cases.File) error {
	if err := c.Support.RecordFeedback(ctx, f, support.Feedback{Helped: support.Yes, Came: "At the last meeting", Text: "“Somebody rang when they said they would.”"}); err != nil {
		return err
	}
	return c.Support.End(ctx, f, support.Leaving{
		Version: f.Version(), Ending: support.PlannedEnd, Abuse: support.Recent, WayBack: "Rings the centre and asks for anybody of the team.",
		Outcomes: support.OutcomeSet{Said: map[support.Aspect]support.Said{
			support.FeelingSafe: {Scored: true, Score: 8, Change: support.Better}, support.FreeDailyLife: {Scored: true, Score: 7, Change: support.Better}, support.OwnWellbeing: {Scored: true, Score: 6, Change: support.Better},
		}},
	})
}
