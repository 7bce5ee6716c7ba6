package register

import (
	"context"
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
	"waymark/internal/registers/people/linkage"
)

// Take puts what was referred on the register of the MARAC, to be screened: on a
// file of its own, or on one of the MARAC about the same person, as the coordinator
// decides. It returns [store.ErrConflict] when nobody acknowledged it, or somebody
// took it already.
func (s *Service) Take(ctx context.Context, p *sharing.Packet, onto *cases.File) (*cases.File, marac.CaseID, error) {
	if !p.Permit().Valid() {
		return nil, "", audit.ErrNoPermit
	}
	share := p.Share()
	if share.Reason != sharing.MARACReferral {
		return nil, "", store.ErrNotFound
	}
	permit, err := s.guard.Act(ctx, p.Actor(), ActTake, p.Resource(), true, share.ID.Subject())
	if err != nil {
		return nil, "", err
	}
	begin, err := s.cases.MayBegin(ctx, p.Actor())
	if err != nil {
		return nil, "", err
	}
	if onto != nil && onto.Agency() != share.To.Agency {
		return nil, "", store.ErrNotFound
	}
	if onto != nil {
		if err := s.judge(ctx, onto, ActScreen); err != nil {
			return nil, "", err
		}
	}
	f := onto
	var id marac.CaseID
	err = s.db().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if p.State() != sharing.Acknowledged {
			return store.ErrConflict
		}
		r, err := s.of(ctx, tx, p)
		if err != nil {
			return err
		}
		if onto == nil {
			f, err = s.cases.BeginTx(ctx, tx, begin, cases.NewFile{Person: r.Sheet.Victim().Details, Kind: cases.Full, Origin: cases.Referred, Team: share.To.Team})
			if err != nil {
				return err
			}
		}
		if err := s.sharing.SettleTx(ctx, tx, permit, p, sharing.Accepted); err != nil {
			return err
		}
		if err := s.sharing.TakeInTx(ctx, tx, p, f); err != nil {
			return err
		}
		err = store.Changed(registerdb.New(tx).TakeIn(ctx, registerdb.TakeInParams{AgencyID: f.Agency(), ShareID: string(share.ID), FileID: string(f.ID())}))
		if err != nil {
			return err
		}
		if id, err = s.enter(ctx, tx, f, share, r.Sheet); err != nil {
			return err
		}
		if err := s.answer(ctx, tx, permit, f.Agency(), share, Taken, Answer{}, nil); err != nil {
			return err
		}
		return permit.Append(tx, ActTake, "", id.Subject(), share.ID.Subject(), f.ID().Subject(), f.Person().Subject())
	})
	if err != nil {
		return nil, "", err
	}
	return f, id, nil
}

// enter writes the row of the register, the people it is about, and by what they are
// found.
func (s *Service) enter(ctx context.Context, tx *store.Tx, f *cases.File, share sharing.Share, sheet Sheet) (marac.CaseID, error) {
	day := s.marac.Today(share.SentAt)
	c := marac.Case{
		File: f.ID(), Share: string(share.ID), From: share.From, On: day, State: marac.Screening, Urgent: share.Urgent || share.ActedNow,
		Routes: sheet.Routes, IDVA: sheet.IDVA, CameFrom: sheet.CameFrom, Counted: sheet.Counted, Words: sheet.Words,
	}
	rule, err := s.marac.RuleOnTx(ctx, tx, f.Agency(), day)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	c.Rule = rule.Since
	if c.Number, err = s.marac.NextNumberTx(ctx, tx, f.Agency(), day); err != nil {
		return "", err
	}
	about, err := s.onFile(ctx, tx, f, sheet)
	if err != nil {
		return "", err
	}
	id, err := s.marac.InsertTx(ctx, tx, f, c, about)
	if errors.Is(err, store.ErrExists) {
		return "", store.ErrConflict // somebody took another one at the same moment
	}
	if err != nil {
		return "", err
	}
	if err := s.KeyTx(ctx, tx, f, id, about); err != nil {
		return "", err
	}
	text := c.Number + ". What the referrer said is on this case."
	if sheet.CameFrom != "" {
		text = c.Number + ". Transferred from " + sheet.CameFrom + "."
	}
	_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.MARACReceived, On: day, Source: share.From, Ref: string(share.ID), Text: text})
	if err != nil {
		return "", err
	}
	if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ScreenMARAC, Due: sharing.WorkingDay(tx.Now(), 1)}); err != nil {
		return "", err
	}
	return id, s.step(ctx, tx, f, id, "taken", "")
}

// onFile are the people of a sheet as those of the file: the victim is whom the file
// is about; somebody is taken for one who is on it already only if nearly all that
// is known says so.
func (s *Service) onFile(ctx context.Context, tx *store.Tx, f *cases.File, sheet Sheet) ([]marac.Identity, error) {
	parties, err := s.cases.Parties(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	victim := sheet.Victim().Identity
	victim.Person, victim.Part = f.Person(), marac.Victim
	out, used := []marac.Identity{victim}, map[people.ID]bool{f.Person(): true}
	for _, w := range sheet.People {
		if w.Part == marac.Victim {
			continue
		}
		one, role := w.Identity, roleOf(w.Part)
		one.Part = w.Part
		for _, p := range parties {
			if p.Role == role && !used[p.Person] && linkage.Compare(Record(one), Record(marac.Identity{Details: p.Details})).Band == linkage.Likely {
				one.Person = p.Person
				break
			}
		}
		if one.Person == "" {
			if one.Person, err = s.cases.AddParty(ctx, tx, f, role, one.Relation, one.Details); err != nil {
				return nil, err
			}
		}
		used[one.Person] = true
		out = append(out, one)
	}
	return out, nil
}

func roleOf(p marac.Part) cases.Role {
	switch p {
	case marac.Perpetrator:
		return cases.Perpetrator
	case marac.Child:
		return cases.Child
	case marac.Victim, marac.Other:
	}
	return cases.OtherParty
}

// step keeps what was decided about a case.
func (s *Service) step(ctx context.Context, tx *store.Tx, f *cases.File, c marac.CaseID, kind, words string) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	sealed, err := tx.Vault().Seal(ctx, tx, stepPlace(f.Agency(), id), words)
	if err != nil {
		return err
	}
	return registerdb.New(tx).InsertStep(ctx, registerdb.InsertStepParams{
		AgencyID: f.Agency(), ID: id, CaseID: string(c), FileID: string(f.ID()), Kind: kind, WordsSealed: sealed.Bytes(), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
}

// Screened is what the coordinator finds of a case when it is screened.
type Screened struct {
	Version int64
	Routes  marac.Routes
	IDVA    marac.Represented
	Counted marac.Counted
	Urgent  bool
}

// Screen corrects what is kept of a case: by which routes, whether an IDVA works with
// them, what the national return counts. What the referrer said stays beside it. It
// returns [store.ErrConflict] when the case was changed meanwhile.
func (s *Service) Screen(ctx context.Context, f *cases.File, id marac.CaseID, n Screened) error {
	if err := s.judge(ctx, f, ActScreen); err != nil {
		return err
	}
	if err := n.check(); err != nil {
		return err
	}
	return s.cases.Change(ctx, f, ActScreen, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.marac.CaseTx(ctx, tx, f, id)
		if err != nil {
			return err
		}
		before := c.IDVA
		c.Version, c.Routes, c.IDVA, c.Counted, c.Urgent = n.Version, n.Routes, n.IDVA, n.Counted, n.Urgent
		if err := s.marac.SetTx(ctx, tx, f, c); err != nil {
			return err
		}
		kind, words := "corrected", ""
		if before != c.IDVA {
			kind, words = "idva", c.IDVA.Label()
		}
		return s.step(ctx, tx, f, id, kind, words)
	})
}

func (n Screened) check() error {
	var errs forms.Errors
	for _, r := range Routes() {
		if !isAnswer(r.Of(n.Routes)) {
			errs.Add("route_"+string(r), "Select yes, no or not known")
		}
	}
	if !slices.Contains(Represents(), n.IDVA) {
		errs.Add("idva", "Select whether an IDVA works with them")
	}
	for _, a := range []struct {
		field string
		is    marac.Answer
	}{
		{"bme", n.Counted.BME}, {"lgbt", n.Counted.LGBT}, {"disabled", n.Counted.Disabled}, {"male", n.Counted.Male}, {"young", n.Counted.Young}, {"young_harms", n.Counted.YoungWhoHarms},
	} {
		if !isAnswer(a.is) {
			errs.Add(a.field, "Select yes, no or not known")
		}
	}
	if n.Counted.Children < 0 || n.Counted.Children > 30 {
		errs.Add("children", "Children in the household must be between 0 and 30")
	}
	return errs.Err()
}

func isAnswer(a marac.Answer) bool { return a == marac.Yes || a == marac.No || a == marac.Unknown }

// Represents lists how somebody can be represented, in the order in which it is
// offered.
func Represents() []marac.Represented {
	return []marac.Represented{marac.Accepted, marac.ReferredIDVA, marac.TheyDeclined, marac.NoIDVA, marac.NotKnown}
}

// Decision is what the coordinator decides about a case that is screened.
type Decision struct {
	Version int64
	Outcome Outcome // Listed, Declined, WrongArea, Duplicate
	Meeting marac.MeetingID
	Of      marac.CaseID // of a duplicate: the one that is being dealt with
	Words   string       // why, as the referrer reads it
	Marac   string       // of the wrong area: the MARAC that it belongs to, in words
}

// Outcomes lists the decisions in the order in which they are offered.
func Outcomes() []Outcome { return []Outcome{Listed, Declined, WrongArea, Duplicate} }

// Check says what is missing in a decision, by field.
func (d Decision) Check() forms.Errors {
	var errs forms.Errors
	switch d.Outcome {
	case Listed:
		if d.Meeting == "" {
			errs.Add("meeting", "Select the meeting")
		}
	case WrongArea:
		if strings.TrimSpace(d.Marac) == "" {
			errs.Add("marac", "Enter which MARAC it belongs to, so that the referrer knows where to turn")
		}
	case Duplicate:
		if d.Of == "" {
			errs.Add("of", "Select the case that it is the same as")
		}
	case Declined:
		if strings.TrimSpace(d.Words) == "" {
			errs.Add("words", "Enter why it is not taken. The referrer reads it")
		}
	default:
		errs.Add("outcome", "Select what you decide")
	}
	if len(d.Words) > textMost {
		errs.Add("words", "Shorten this to 4,000 characters or fewer")
	}
	return errs
}

// Decide lists a case for a meeting or says why not, and tells the referrer. What is
// listed can be listed for another meeting; what was heard stands. It returns
// [forms.Errors], and [store.ErrConflict] when the case was changed meanwhile.
func (s *Service) Decide(ctx context.Context, f *cases.File, id marac.CaseID, d Decision) error {
	if err := s.judge(ctx, f, ActScreen); err != nil {
		return err
	}
	if err := d.Check().Err(); err != nil {
		return err
	}
	return s.cases.Change(ctx, f, ActScreen, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.marac.CaseTx(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if c.State == marac.Heard || c.State == marac.Transferred {
			return store.ErrConflict
		}
		c.Version = d.Version
		a := Answer{Words: d.Words}
		var task *cases.NewTask
		elsewhere := &cases.NewTask{Kind: cases.ReferElsewhere, Due: sharing.WorkingDay(tx.Now(), 1)}
		switch d.Outcome {
		case Listed:
			if a.Meeting, err = s.list(ctx, tx, f, &c, d.Meeting); err != nil {
				return err
			}
			if c.IDVA == marac.NotKnown {
				task = &cases.NewTask{Kind: cases.LinkIDVA, Due: sharing.WorkingDay(tx.Now(), IDVADays)}
			}
		case Duplicate:
			if err := s.sameRegister(ctx, tx, f, d.Of); err != nil {
				return err
			}
			c.State, c.Meeting, c.Slot = marac.Declined, "", 0
		case WrongArea:
			c.State, c.Meeting, c.Slot = marac.Declined, "", 0
			a.Marac, task = d.Marac, elsewhere
		default:
			c.State, c.Meeting, c.Slot = marac.Declined, "", 0
			task = elsewhere
		}
		c.Words.Decision = block(d.Outcome.Label()+".", a.Meeting, said("It belongs to", a.Marac), d.Words)
		if err := s.marac.SetTx(ctx, tx, f, c); err != nil {
			return err
		}
		if err := s.step(ctx, tx, f, id, string(d.Outcome), c.Words.Decision); err != nil {
			return err
		}
		if d.Outcome == Listed {
			for _, hear := range s.listed {
				if err := hear(ctx, tx, f.Permit(), d.Meeting, id); err != nil {
					return err
				}
			}
		}
		return s.settled(ctx, tx, f, c, d.Outcome, a, task)
	})
}

// settled writes what was decided into the file, and tells the referrer.
func (s *Service) settled(ctx context.Context, tx *store.Tx, f *cases.File, c marac.Case, o Outcome, a Answer, task *cases.NewTask) error {
	day := s.marac.Today(tx.Now())
	if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.MARACAnswered, On: day, Text: c.Number + ": " + c.Words.Decision, Ref: string(c.ID)}); err != nil {
		return err
	}
	if err := s.cases.FinishTasks(ctx, tx, f, cases.ScreenMARAC, "it was decided"); err != nil {
		return err
	}
	share, err := s.shareOf(ctx, tx, f, c)
	if err != nil {
		return err
	}
	return s.answer(ctx, tx, f.Permit(), f.Agency(), share, o, a, task)
}

// shareOf is the address of the file from which a case was referred; the zero value
// when it came by no share.
func (s *Service) shareOf(ctx context.Context, tx *store.Tx, f *cases.File, c marac.Case) (sharing.Share, error) {
	if c.Share == "" {
		return sharing.Share{}, nil
	}
	held, err := s.sharing.CopyTx(ctx, tx, f, sharing.ID(c.Share))
	return held.Share, err
}

// list puts a case on the list of a meeting that has not begun, as its last.
func (s *Service) list(ctx context.Context, tx *store.Tx, f *cases.File, c *marac.Case, id marac.MeetingID) (string, error) {
	ahead, err := s.marac.ToComeTx(ctx, tx, f.Agency())
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(ahead, func(m marac.Meeting) bool { return m.ID == id })
	if i < 0 {
		return "", forms.Errors{{Field: "meeting", Message: "Select a meeting that has not begun"}}
	}
	if c.Meeting != id {
		if c.Slot, err = s.marac.NextSlotTx(ctx, tx, f.Agency(), id); err != nil {
			return "", err
		}
	}
	c.State, c.Meeting = marac.Listed, id
	return "The meeting is on " + ahead[i].Starts.In(s.marac.Zone()).Format("2 January 2006 at 15:04"), nil
}

// sameRegister sees that a case is of the same register.
func (s *Service) sameRegister(ctx context.Context, tx *store.Tx, f *cases.File, id marac.CaseID) error {
	found, err := s.marac.IdentitiesTx(ctx, tx, f.Permit(), f.Agency(), []marac.CaseID{id}, marac.Victim)
	if err != nil {
		return err
	}
	if len(found[id]) == 0 {
		return forms.Errors{{Field: "of", Message: "Select a case of the register"}}
	}
	return nil
}

// DecideRepeat says that a case repeats an earlier one of the register, or that it
// repeats none: a person decides, and can decide otherwise later. Each decision
// stays in the history.
func (s *Service) DecideRepeat(ctx context.Context, f *cases.File, id marac.CaseID, version int64, of marac.CaseID, why string) error {
	if err := s.judge(ctx, f, ActScreen); err != nil {
		return err
	}
	if len(why) > textMost {
		return forms.Errors{{Field: "why", Message: "Shorten this to 4,000 characters or fewer"}}
	}
	if of == id {
		return forms.Errors{{Field: "of", Message: "Select another case of the register"}}
	}
	return s.cases.Change(ctx, f, ActScreen, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.marac.CaseTx(ctx, tx, f, id)
		if err != nil {
			return err
		}
		kind, text := "no_repeat", "It repeats no earlier case."
		c.Routes.Repeat = marac.No
		if of != "" {
			if err := s.sameRegister(ctx, tx, f, of); err != nil {
				return err
			}
			kind, text = "repeat", "It repeats an earlier case."
			c.Routes.Repeat = marac.Yes
		}
		c.Version, c.Repeats = version, of
		if err := s.marac.SetTx(ctx, tx, f, c); err != nil {
			return err
		}
		if err := s.step(ctx, tx, f, id, kind, why); err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.MARACRepeat, On: s.marac.Today(tx.Now()), Text: strings.TrimSpace(text + " " + why), Ref: string(id)})
		return err
	})
}

// NewTransfer is a case that goes to another MARAC.
type NewTransfer struct {
	Version int64
	Origin  string // the MARAC that transfers it, as the other one reads
	Pack    string // what was shared, decided and done, and which IDVA hands over to whom
	Share   sharing.NewShare
}

// Transfer sends a case to the MARAC of the area that somebody moved to: what was
// referred, with what was done here. Here it is transferred from then on. It returns
// [forms.Errors], and [store.ErrConflict] when the case was changed meanwhile.
func (s *Service) Transfer(ctx context.Context, f *cases.File, id marac.CaseID, n NewTransfer) (sharing.ID, error) {
	if err := s.judge(ctx, f, ActScreen); err != nil {
		return "", err
	}
	if err := s.sharing.MaySend(ctx, f); err != nil {
		return "", err
	}
	draft, err := s.TransferDraft(ctx, f, id, n)
	if err != nil {
		return "", err
	}
	if errs := n.Check(draft, store.Moment(s.db().Clock()())); errs.Any() {
		return "", errs
	}
	var share sharing.ID
	err = s.cases.Change(ctx, f, ActScreen, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.marac.CaseTx(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if c.State == marac.Transferred {
			return store.ErrConflict
		}
		c.Version, c.State, c.Meeting, c.Slot = n.Version, marac.Transferred, "", 0
		c.Words.Decision = Transferred.Label() + ". " + n.Pack
		if err := s.marac.SetTx(ctx, tx, f, c); err != nil {
			return err
		}
		if share, err = s.sendTx(ctx, tx, f, draft); err != nil {
			return err
		}
		if err := s.step(ctx, tx, f, id, string(Transferred), n.Pack); err != nil {
			return err
		}
		return s.settled(ctx, tx, f, c, Transferred, Answer{}, nil)
	})
	return share, err
}

// TransferDraft is the referral that a transfer will be.
func (s *Service) TransferDraft(ctx context.Context, f *cases.File, id marac.CaseID, n NewTransfer) (NewReferral, error) {
	out := NewReferral{Share: n.Share}
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.marac.CaseTx(ctx, tx, f, id)
		if err != nil {
			return err
		}
		about, err := s.marac.IdentitiesTx(ctx, tx, f.Permit(), f.Agency(), []marac.CaseID{id})
		if err != nil {
			return err
		}
		for _, a := range about[id] {
			out.Sheet.People = append(out.Sheet.People, Who{Part: a.Part, Identity: a})
		}
		slices.SortStableFunc(out.Sheet.People, func(a, b Who) int { return order(a.Part) - order(b.Part) })
		out.Sheet.Routes, out.Sheet.Words, out.Sheet.Counted, out.Sheet.IDVA = c.Routes, c.Words, c.Counted, c.IDVA
		out.Sheet.Words.Decision, out.Sheet.Crime = "", marac.Unknown
		out.Sheet.CameFrom, out.Sheet.Pack = n.Origin, n.Pack
		out.Sheet.Earlier = n.Origin + ": " + c.Number + ", referred on " + cases.DayInWords(c.On) + "."
		if c.HeardOn != "" {
			out.Sheet.Earlier += " Heard on " + cases.DayInWords(c.HeardOn) + "."
		}
		return nil
	})
	return out, err
}

func order(p marac.Part) int {
	return slices.Index([]marac.Part{marac.Victim, marac.Perpetrator, marac.Child, marac.Other}, p)
}

// Check says what is missing in a transfer. What the referrer did not know is no
// reason to keep it here.
func (n NewTransfer) Check(draft NewReferral, now time.Time) forms.Errors {
	var errs forms.Errors
	if strings.TrimSpace(n.Pack) == "" {
		errs.Add("pack", "Enter what was shared, decided and done here, and which IDVA hands over to whom")
	}
	if len(n.Pack) > 2*textMost {
		errs.Add("pack", "Shorten this to 8,000 characters or fewer")
	}
	for _, e := range draft.share().Check(now) {
		errs.Add(e.Field, e.Message)
	}
	return errs
}
