package register

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register/registerdb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// IDVADays is within how many working days a referrer says whether an IDVA works
// with somebody who was referred to MARAC. It is a choice of this project: the
// referral goes the same day (domain.md, section 5.2).
const IDVADays = 1

// NewReferral is a referral to be sent. Its people, items and the person's details
// in the share are filled in here.
type NewReferral struct {
	Sheet Sheet
	Share sharing.NewShare
}

// share is the share that will be sent.
func (n NewReferral) share() sharing.NewShare {
	out := n.Share
	out.Reason, out.Items, out.Person = sharing.MARACReferral, n.Sheet.Items(), n.Sheet.Victim().Details
	return out
}

// Preview is what the MARAC will read, as the sender sees it before it leaves.
func (n NewReferral) Preview(sender string) sharing.Content {
	return sharing.Preview(sender, n.share())
}

// Check says what is missing, by field.
func (n NewReferral) Check(now time.Time) forms.Errors {
	errs := n.Sheet.Check(now, n.Share.ActNow)
	for _, e := range n.share().Check(now) {
		if !errs.Has(e.Field) {
			errs.Add(e.Field, e.Message)
		}
	}
	return errs
}

// Draft is a referral as far as the file knows it: who is who, what shows the
// routes, how the person can be reached. The worker sees and changes it all.
func (s *Service) Draft(ctx context.Context, f *cases.File) (NewReferral, error) {
	var n NewReferral
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		home, err := s.mayTell(ctx, tx, f, person)
		if err != nil {
			return err
		}
		n.Sheet.People = []Who{{Part: marac.Victim, Identity: marac.Identity{Details: person.Details, Address: home}}}
		parties, err := s.cases.Parties(ctx, tx, f, cases.Perpetrator, cases.Child, cases.OtherParty)
		if err != nil {
			return err
		}
		for _, p := range parties {
			part := map[cases.Role]marac.Part{cases.Perpetrator: marac.Perpetrator, cases.Child: marac.Child, cases.OtherParty: marac.Other}[p.Role]
			n.Sheet.People = append(n.Sheet.People, Who{Part: part, Identity: marac.Identity{Details: p.Details, Relation: p.Relation}})
		}
		return s.fromChronology(ctx, tx, f, &n.Sheet)
	})
	n.Sheet.Words.Referrer = f.Actor().Name
	return n, err
}

// mayTell is where somebody lives, in words, where that is not guarded and the
// worker may read it; empty otherwise.
func (s *Service) mayTell(ctx context.Context, tx *store.Tx, f *cases.File, p people.Person) (string, error) {
	w, may := people.Unlock(s.guard, f.Permit(), f.Resource())
	if !may {
		return "", nil
	}
	home, err := s.cases.People().Home(ctx, tx, w, p)
	if err != nil || home.Guarded() || home.IsZero() {
		return "", err
	}
	return strings.Trim(home.House+", "+home.Postcode, ", "), nil
}

// fromChronology fills in what other workflows wrote: the routes that an
// identification of risk found, what was said, and whether an IDVA was asked for.
func (s *Service) fromChronology(ctx context.Context, tx *store.Tx, f *cases.File, sheet *Sheet) error {
	sheet.Words.Evidence = map[string]string{}
	sheet.Routes = marac.Routes{Visible: marac.Unknown, Judgement: marac.Unknown, Escalation: marac.Unknown, Repeat: marac.Unknown}
	routes, err := s.cases.Latest(ctx, tx, f, cases.MARACRoute, 8)
	if err != nil {
		return err
	}
	slices.Reverse(routes) // what was found last stands
	for _, e := range routes {
		name, evidence, _ := strings.Cut(e.Text, ". ")
		r := routeNamed(name)
		if r == "" {
			continue
		}
		if evidence == "" {
			evidence = name
		}
		sheet.Words.Evidence[string(r)] = evidence + " (" + cases.DayInWords(e.On) + ")"
		set(&sheet.Routes, r, marac.Yes)
	}
	if sheet.Routes.Visible != marac.Yes {
		high, err := s.cases.Latest(ctx, tx, f, cases.HighRisk, 1)
		if err != nil {
			return err
		}
		if len(high) > 0 {
			sheet.Words.Evidence[string(VisibleRisk)] = high[0].Text
		}
	}
	said, err := s.cases.Latest(ctx, tx, f, cases.Disclosed, 1)
	if err != nil {
		return err
	}
	if len(said) > 0 {
		sheet.Words.Reason = said[0].Text
	}
	before, err := s.cases.Latest(ctx, tx, f, cases.MARACReferred, 1)
	if err != nil {
		return err
	}
	if len(before) > 0 {
		sheet.Earlier = "Referred from this case on " + cases.DayInWords(before[0].On) + "."
	}
	return nil
}

// routeNamed is the route that an entry of the chronology names. Names begin as the
// national criteria do, in whatever instrument they were found.
func routeNamed(name string) Route {
	low := strings.ToLower(name)
	switch {
	case strings.Contains(low, "visible"):
		return VisibleRisk
	case strings.Contains(low, "judg"):
		return Judgement
	case strings.Contains(low, "escalation"):
		return Escalation
	case strings.Contains(low, "repeat"):
		return Repeated
	}
	return ""
}

func set(to *marac.Routes, r Route, a marac.Answer) {
	switch r {
	case VisibleRisk:
		to.Visible = a
	case Judgement:
		to.Judgement = a
	case Escalation:
		to.Escalation = a
	case Repeated:
		to.Repeat = a
	}
}

// Ask asks the agreements in force about a referral before it is sent.
func (s *Service) Ask(ctx context.Context, f *cases.File, n NewReferral) (sharing.Said, error) {
	return s.sharing.Ask(ctx, f, n.share())
}

// Send refers somebody to a MARAC. It returns [forms.Errors] for what is missing.
func (s *Service) Send(ctx context.Context, f *cases.File, n NewReferral) (sharing.ID, error) {
	if err := s.judge(ctx, f, ActRefer); err != nil {
		return "", err
	}
	if err := s.sharing.MaySend(ctx, f); err != nil {
		return "", err
	}
	now := store.Moment(s.db().Clock()())
	n.Sheet.Count(s.marac.Today(now))
	if errs := n.Check(now); errs.Any() {
		return "", errs
	}
	var id sharing.ID
	err := s.cases.Change(ctx, f, ActRefer, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = s.sendTx(ctx, tx, f, n)
		return err
	})
	return id, err
}

// sendTx sends the share, and keeps both copies of what is told beside it.
func (s *Service) sendTx(ctx context.Context, tx *store.Tx, f *cases.File, n NewReferral) (sharing.ID, error) {
	m, err := s.marac.MaracTx(ctx, tx, n.Share.To.Agency)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.Team != n.Share.To.Team {
		return "", forms.Errors{{Field: "to", Message: "Select the MARAC it goes to"}}
	}
	if err != nil {
		return "", err
	}
	id, err := s.sharing.SendTx(ctx, tx, f, n.share())
	if err != nil {
		return "", err
	}
	for _, copy := range []struct{ agency, file string }{{f.Agency(), string(f.ID())}, {n.Share.To.Agency, ""}} {
		if err := s.keepCopy(ctx, tx, copy.agency, copy.file, f.Agency(), id, n); err != nil {
			return "", err
		}
	}
	day := s.marac.Today(tx.Now())
	_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.MARACReferred, On: day, Text: n.Sheet.met(), Ref: string(id)})
	if err != nil {
		return "", err
	}
	if err := s.cases.FinishTasks(ctx, tx, f, cases.ConsiderMARAC, "they were referred to MARAC"); err != nil {
		return "", err
	}
	if n.Sheet.IDVA == marac.NotKnown && n.Sheet.CameFrom == "" {
		linked, err := s.idvaAsked(ctx, tx, f)
		if err != nil {
			return "", err
		}
		if !linked {
			if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.LinkIDVA, Due: sharing.WorkingDay(tx.Now(), IDVADays)}); err != nil {
				return "", err
			}
		}
	}
	return id, nil
}

// met are the routes by which somebody is referred, in words.
func (s Sheet) met() string {
	var out []string
	for _, r := range Routes() {
		if r.Of(s.Routes) == marac.Yes {
			out = append(out, r.Label())
		}
	}
	if len(out) == 0 {
		return "At once: the routes are written down after."
	}
	return "By: " + strings.Join(out, ", ") + "."
}

// idvaAsked tells whether a referral that could be to an IDVA left the file: the
// chronology says that one was sent, and not to whom, so it is the referrer who
// says; only where none was sent at all is it certain that it is missing.
func (s *Service) idvaAsked(ctx context.Context, tx *store.Tx, f *cases.File) (bool, error) {
	sent, err := s.cases.Latest(ctx, tx, f, cases.ReferralSent, 1)
	return len(sent) > 0, err
}

func (s *Service) keepCopy(ctx context.Context, tx *store.Tx, agency, file, from string, id sharing.ID, n NewReferral) error {
	words, err := tx.Vault().SealJSON(ctx, tx, sheetPlace(agency, id), n.Sheet)
	if err != nil {
		return err
	}
	answer, err := tx.Vault().SealJSON(ctx, tx, answerPlace(agency, id), Answer{})
	if err != nil {
		return err
	}
	return registerdb.New(tx).InsertReferral(ctx, registerdb.InsertReferralParams{
		AgencyID: agency, ShareID: string(id), FileID: file, FromAgency: from, ToAgency: n.Share.To.Agency, Answer: string(Sent), Idva: string(n.Sheet.IDVA),
		WordsSealed: words.Bytes(), AnswerSealed: answer.Bytes(), SentAt: tx.Now(),
	})
}

// answer tells the referrer what became of a referral: in the answer beside it, and
// in the chronology of the file it was sent from, with a task where they must act.
func (s *Service) answer(ctx context.Context, tx *store.Tx, permit audit.Permit, mine string, share sharing.Share, o Outcome, a Answer, task *cases.NewTask) error {
	if share.ID == "" {
		return nil // it came by no share
	}
	for _, agency := range []string{mine, share.From} {
		sealed, err := tx.Vault().SealJSON(ctx, tx, answerPlace(agency, share.ID), a)
		if err != nil {
			return err
		}
		err = registerdb.New(tx).SetAnswer(ctx, registerdb.SetAnswerParams{
			AgencyID: agency, ShareID: string(share.ID), Answer: string(o), AnswerSealed: sealed.Bytes(), AnsweredAt: sql.NullTime{Time: tx.Now(), Valid: true},
		})
		if err != nil {
			return err
		}
	}
	text := o.Label() + "."
	if a.Meeting != "" {
		text += " " + a.Meeting + "."
	}
	if a.Marac != "" {
		text += " It belongs to: " + a.Marac + "."
	}
	if a.Words != "" {
		text += " " + a.Words
	}
	return cases.Deliver(ctx, tx, permit, cases.Address{Agency: share.From, File: share.File}, cases.Event{Kind: cases.MARACAnswered, Text: text, Ref: string(share.ID)}, task)
}
