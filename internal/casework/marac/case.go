package marac

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// CaseID names a case of the register.
type CaseID string

// Subject is the case in a ledger entry.
func (id CaseID) Subject() audit.Subject { return audit.Subject{Kind: "marac_case", ID: string(id)} }

// Routes are the four routes to MARAC, each answered by itself (domain.md, section 4.2).
type Routes struct {
	Visible    Answer // visible high risk
	Judgement  Answer // professional judgement
	Escalation Answer // potential escalation
	Repeat     Answer // a repeat within twelve months of the last referral
}

// CaseWords are what was said of a case, and decided.
type CaseWords struct {
	Reason     string            `json:"reason,omitempty"`    // why it was referred
	Evidence   map[string]string `json:"evidence,omitempty"`  // of each route, by its name
	Aware      string            `json:"aware,omitempty"`     // whether they know, and if not why not
	Views      string            `json:"views,omitempty"`     // what they said of it
	Afraid     string            `json:"afraid,omitempty"`    // everybody they are afraid of
	SafeTo     string            `json:"safe_to,omitempty"`   // to whom it is safe to talk
	UnsafeTo   string            `json:"unsafe_to,omitempty"` // to whom it is not
	Contact    string            `json:"contact,omitempty"`   // how they can be reached safely, as the referrer said
	Without    string            `json:"without,omitempty"`   // reasons to share without agreement
	Decision   string            `json:"decision,omitempty"`  // why it was taken, declined or transferred
	Referrer   string            `json:"referrer,omitempty"`  // the worker who referred, and how to reach them
	Represents string            `json:"represents,omitempty"`
}

// Counted is what the national return counts of a case (domain.md, section 5.6).
// What is not known is counted as that.
type Counted struct {
	Children      int    // in the household
	BME           Answer // the victim is Black or from another minoritised group
	LGBT          Answer
	Disabled      Answer
	Male          Answer
	Young         Answer // the victim is 16 or 17
	YoungWhoHarms Answer // somebody who harms them is 17 or younger
}

// Case is one referral of a victim with those who harm them.
type Case struct {
	ID       CaseID
	File     cases.ID // of the MARAC
	Number   string
	Share    string
	From     string // agency
	On       string // YYYY-MM-DD: the day it was referred
	State    State
	Urgent   bool
	Routes   Routes
	Rule     string // since when the rules hold by which it was judged
	Repeats  CaseID
	Meeting  MeetingID
	Slot     int
	IDVA     Represented
	CameFrom string
	HeardOn  string // YYYY-MM-DD; empty while it was not
	Counted  Counted
	Words    CaseWords
	Version  int64
}

// Identity is what is said of somebody so that an agency can look for them.
type Identity struct {
	Person   people.ID      `json:"-"` // of the MARAC's file
	Part     Part           `json:"-"`
	Details  people.Details `json:"details"`
	Aliases  []string       `json:"aliases,omitempty"`
	Address  string         `json:"address,omitempty"` // one that may be shown to the agencies that are asked; empty where none may
	Relation string         `json:"relation,omitempty"`
	School   string         `json:"school,omitempty"`
}

func casePlace(agency string, id CaseID) store.Place {
	return store.Place{Agency: agency, Table: "marac_case", Column: "words_sealed", Row: string(id)}
}

func partyPlace(agency string, id CaseID, person people.ID) store.Place {
	return store.Place{Agency: agency, Table: "marac_party", Column: "words_sealed", Row: string(id) + "/" + string(person)}
}

// InsertTx adds a case to the register of the MARAC whose file it is, with those it
// is about. Who may is for its caller to have judged; the file proves the agency.
func (s *Service) InsertTx(ctx context.Context, tx *store.Tx, f *cases.File, c Case, about []Identity) (CaseID, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	c.ID = CaseID(id)
	words, err := tx.Vault().SealJSON(ctx, tx, casePlace(f.Agency(), c.ID), c.Words)
	if err != nil {
		return "", err
	}
	q := maracdb.New(tx)
	err = q.InsertCase(ctx, maracdb.InsertCaseParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Number: c.Number, ShareID: c.Share, FromAgency: c.From, ReferredOn: c.On, State: string(c.State), Urgent: c.Urgent,
		Visible: string(c.Routes.Visible), Judgement: string(c.Routes.Judgement), Escalation: string(c.Routes.Escalation), Repeated: string(c.Routes.Repeat),
		RuleSince: c.Rule, Repeats: string(c.Repeats), MeetingID: string(c.Meeting), Slot: int64(c.Slot), Idva: string(c.IDVA), CameFrom: c.CameFrom, HeardOn: c.HeardOn,
		Children: int64(c.Counted.Children), Bme: string(c.Counted.BME), Lgbt: string(c.Counted.LGBT), Disabled: string(c.Counted.Disabled), Male: string(c.Counted.Male),
		Victim1617: string(c.Counted.Young), HarmerTo17: string(c.Counted.YoungWhoHarms),
		WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
	if err != nil {
		return "", err
	}
	for _, a := range about {
		sealed, err := tx.Vault().SealJSON(ctx, tx, partyPlace(f.Agency(), c.ID, a.Person), a)
		if err != nil {
			return "", err
		}
		err = q.InsertParty(ctx, maracdb.InsertPartyParams{AgencyID: f.Agency(), CaseID: id, PersonID: string(a.Person), Role: string(a.Part), WordsSealed: sealed.Bytes()})
		if err != nil {
			return "", err
		}
	}
	return c.ID, nil
}

// casesOf are the cases on the list of a meeting, in their order.
func casesOf(ctx context.Context, tx *store.Tx, agency string, meeting MeetingID) ([]Case, error) {
	rows, err := maracdb.New(tx).CasesOfMeeting(ctx, maracdb.CasesOfMeetingParams{AgencyID: agency, MeetingID: string(meeting)})
	if err != nil {
		return nil, err
	}
	out := make([]Case, len(rows))
	for i, r := range rows {
		if out[i], err = asCase(ctx, tx, r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PartiesTx are those that cases of a MARAC are about, by case. One statement reads
// them all. The permit is of whoever was let see them.
func (s *Service) PartiesTx(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, meeting MeetingID) (map[CaseID][]Identity, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	rows, err := maracdb.New(tx).PartiesOfMeeting(ctx, maracdb.PartiesOfMeetingParams{AgencyID: agency, MeetingID: string(meeting)})
	if err != nil {
		return nil, err
	}
	out := map[CaseID][]Identity{}
	for _, r := range rows {
		one, err := asIdentity(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		out[CaseID(r.CaseID)] = append(out[CaseID(r.CaseID)], one)
	}
	return out, nil
}

func asIdentity(ctx context.Context, tx *store.Tx, r maracdb.MaracParty) (one Identity, err error) {
	err = tx.Vault().OpenJSON(ctx, tx, partyPlace(r.AgencyID, CaseID(r.CaseID), people.ID(r.PersonID)), r.WordsSealed, &one)
	one.Person, one.Part = people.ID(r.PersonID), Part(r.Role)
	return one, err
}

func asCase(ctx context.Context, tx *store.Tx, r maracdb.MaracCase) (Case, error) {
	c := Case{
		ID: CaseID(r.ID), File: cases.ID(r.FileID), Number: r.Number, Share: r.ShareID, From: r.FromAgency, On: r.ReferredOn, State: State(r.State), Urgent: r.Urgent,
		Routes: Routes{Visible: Answer(r.Visible), Judgement: Answer(r.Judgement), Escalation: Answer(r.Escalation), Repeat: Answer(r.Repeated)},
		Rule:   r.RuleSince, Repeats: CaseID(r.Repeats), Meeting: MeetingID(r.MeetingID), Slot: int(r.Slot), IDVA: Represented(r.Idva), CameFrom: r.CameFrom, HeardOn: r.HeardOn, Version: r.Version,
		Counted: Counted{
			Children: int(r.Children), BME: Answer(r.Bme), LGBT: Answer(r.Lgbt), Disabled: Answer(r.Disabled), Male: Answer(r.Male), Young: Answer(r.Victim1617), YoungWhoHarms: Answer(r.HarmerTo17),
		},
	}
	return c, tx.Vault().OpenJSON(ctx, tx, casePlace(r.AgencyID, c.ID), r.WordsSealed, &c.Words)
}

// today is the day of a transaction where days are counted.
func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.zone).Format(time.DateOnly) }
