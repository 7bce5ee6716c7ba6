package support

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// NeedID names a need.
type NeedID string

// NeedWords are what is said of a need.
type NeedWords struct {
	Text        string `json:"text,omitempty"`
	Preferences string `json:"preferences,omitempty"` // what they want of a treatment, and what not (B10.7)
	Provider    string `json:"provider,omitempty"`    // who treats it elsewhere
}

// Need is what a person needs in a part of their life.
type Need struct {
	ID        NeedID
	Domain    Domain
	Term      Term
	Abuse     Abuse
	State     NeedState
	Treated   Treated
	Treatment Treatment
	Trained   Knowing // are those who treat it trained in abuse (B10.2)
	Qualified Knowing // are they qualified clinicians (G12)
	Weeks     int     // after how many weeks risk is looked at again (B10.4)
	Words     NeedWords
	// Apart tells that its words are behind a compartment which the reader may
	// not read.
	Apart      bool
	RecordedAt time.Time
	RecordedBy string
	Version    int64
}

// Check returns what is wrong with a need as it was typed, by field.
func (n Need) Check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Domains(), n.Domain) {
		errs.Add("domain", "Select what it is about")
	}
	if !slices.Contains(Terms(), n.Term) {
		errs.Add("term", "Select when it is needed")
	}
	if n.Domain == MentalHealth && !slices.Contains(Abuses(), n.Abuse) {
		errs.Add("abuse", "Select whether the abuse goes on: it changes what treatment can do")
	}
	if n.Domain == MentalHealth && n.State == Open && (n.Weeks < 1 || n.Weeks > 52) {
		errs.Add("weeks", "Enter after how many weeks the risk is looked at again, from 1 to 52")
	}
	if n.Words.Text == "" && n.Domain != Entitlement {
		errs.Add("text", "Write what is needed")
	}
	tooLong(&errs, textMax, map[string]string{"text": n.Words.Text, "preferences": n.Words.Preferences})
	tooLong(&errs, lineMax, map[string]string{"provider": n.Words.Provider})
	return errs
}

// Reassess is the day by which risk is to be looked at again while a
// mental-health need is open (B10.4): so many weeks after it was last
// identified, or after the need was recorded when that was later. It is empty
// for other needs.
func (n Need) Reassess(lastRisk string) string {
	if n.Domain != MentalHealth || n.State != Open || n.Weeks < 1 {
		return ""
	}
	from := n.RecordedAt.Format(time.DateOnly)
	if lastRisk > from {
		from = lastRisk
	}
	day, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return ""
	}
	return day.AddDate(0, 0, 7*n.Weeks).Format(time.DateOnly)
}

const needTable = "support_need"

// kept tells whether a domain lies behind a compartment, and which.
func (d Domain) kept() cases.Compartment {
	if d == Entitlement {
		return cases.Entitlement
	}
	return ""
}

// told is what the chronology says of a domain: nothing of one that is kept
// apart.
func (d Domain) told(text string) string {
	if d.kept() != "" {
		return "What it is about is kept apart"
	}
	return sentence([]string{d.Label(), text})
}

// AddNeed records a need. What is said of one that is kept apart can be
// written by everybody who works with the case, and read with its permission.
func (s *Service) AddNeed(ctx context.Context, f *cases.File, n Need) (NeedID, error) {
	n.State = Open
	if n.Domain == MentalHealth && n.Weeks == 0 {
		err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n.Weeks, err = s.ReassessWeeks(ctx, tx, f)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	if n.Domain != MentalHealth {
		n.Weeks = 0
	}
	if errs := n.Check(); errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, needTable, id, n.Words)
		if err != nil {
			return err
		}
		err = supportdb.New(tx).InsertNeed(ctx, supportdb.InsertNeedParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Domain: string(n.Domain), Term: string(n.Term), Abuse: string(n.Abuse), State: string(n.State),
			Treated: string(n.Treated), Treatment: string(n.Treatment), Trained: string(n.Trained), Qualified: string(n.Qualified), Weeks: int64(n.Weeks),
			Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, Version: 1,
		})
		if err != nil {
			return err
		}
		if err := s.cases.Promote(ctx, tx, f); err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.NeedRecorded, "", n.Domain.told(n.Words.Text), id); err != nil {
			return err
		}
		err = s.emit(ctx, tx, f, "need.recorded", needTable, id, tx.Now(), measures.Dimensions{"domain": string(n.Domain), "term": string(n.Term)})
		if err != nil || n.Domain != MentalHealth {
			return err
		}
		n.RecordedAt = tx.Now()
		last, err := s.lastRisk(ctx, tx, f)
		if err != nil {
			return err
		}
		return s.taskOnce(ctx, tx, f, cases.IdentifyRisk, n.Reassess(last.On))
	})
	return NeedID(id), err
}

// ChangeNeed records where a need stands now. It returns [store.ErrConflict]
// when somebody else changed it since it was read.
func (s *Service) ChangeNeed(ctx context.Context, f *cases.File, n Need) error {
	return s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		was, err := s.need(ctx, tx, f, n.ID)
		if err != nil {
			return err
		}
		n.Domain, n.Term = was.Domain, was.Term
		if was.Apart {
			n.Words = was.Words
		}
		if n.Domain != MentalHealth {
			n.Weeks = 0
		}
		errs := n.Check()
		if !slices.Contains(NeedStates(), n.State) {
			errs.Add("state", "Select where it stands")
		}
		if errs.Any() {
			return errs
		}
		words, err := seal(ctx, tx, f, needTable, string(n.ID), n.Words)
		if err != nil {
			return err
		}
		err = store.Changed(supportdb.New(tx).SetNeed(ctx, supportdb.SetNeedParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(n.ID), State: string(n.State), Treated: string(n.Treated), Treatment: string(n.Treatment),
			Trained: string(n.Trained), Qualified: string(n.Qualified), Weeks: int64(n.Weeks), Words: words, Version: n.Version, Abuse: string(n.Abuse),
		}))
		if err != nil {
			return err
		}
		text := []string{n.Domain.Label(), n.State.Label()}
		if n.Treated != TreatedNotSaid {
			text = append(text, n.Treated.Label())
		}
		told := sentence(text)
		if n.Domain.kept() != "" {
			told = n.Domain.told("")
		}
		if err := s.record(ctx, tx, f, cases.NeedChanged, "", told, string(n.ID)); err != nil {
			return err
		}
		return s.emit(ctx, tx, f, "need.changed", needTable, string(n.ID), tx.Now(), measures.Dimensions{"domain": string(n.Domain), "state": string(n.State)})
	})
}

// Need is one need of a file.
func (s *Service) Need(ctx context.Context, tx *store.Tx, f *cases.File, id NeedID) (Need, error) {
	if err := show(ctx, f); err != nil {
		return Need{}, err
	}
	n, err := s.need(ctx, tx, f, id)
	if n.Apart {
		n.Words = NeedWords{}
	}
	return n, err
}

func (s *Service) need(ctx context.Context, tx *store.Tx, f *cases.File, id NeedID) (Need, error) {
	row, err := supportdb.New(tx).NeedByID(ctx, supportdb.NeedByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Need{}, missing(err)
	}
	return s.needOf(ctx, tx, f, row)
}

func (s *Service) needOf(ctx context.Context, tx *store.Tx, f *cases.File, row supportdb.SupportNeed) (Need, error) {
	n := Need{
		ID: NeedID(row.ID), Domain: Domain(row.Domain), Term: Term(row.Term), Abuse: Abuse(row.Abuse), State: NeedState(row.State), Treated: Treated(row.Treated),
		Treatment: Treatment(row.Treatment), Trained: Knowing(row.Trained), Qualified: Knowing(row.Qualified), Weeks: int(row.Weeks),
		RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy, Version: row.Version,
	}
	n.Apart = !s.cases.MayRead(f, n.Domain.kept())
	return n, unseal(ctx, tx, row.AgencyID, needTable, row.ID, row.Words, &n.Words)
}

// Needs are the needs of a file, the newest first. The words of those kept
// apart are left out for whoever may not read them.
func (s *Service) Needs(ctx context.Context, tx *store.Tx, f *cases.File) ([]Need, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := supportdb.New(tx).Needs(ctx, supportdb.NeedsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Need, len(rows))
	for i, row := range rows {
		if out[i], err = s.needOf(ctx, tx, f, row); err != nil {
			return nil, err
		}
		if out[i].Apart {
			out[i].Words = NeedWords{}
		}
	}
	return out, nil
}

// lastRisk is the newest entry about an identification of risk; none is the
// zero entry.
func (s *Service) lastRisk(ctx context.Context, tx *store.Tx, f *cases.File) (cases.Event, error) {
	list, err := s.cases.Latest(ctx, tx, f, cases.RiskIdentified, 1)
	if err != nil || len(list) == 0 {
		return cases.Event{}, err
	}
	return list[0], nil
}
