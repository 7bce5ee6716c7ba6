package supervision

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/supervision/supervisiondb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Service keeps supervision.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	zone  *time.Location
}

// New makes the service, and lets it read in the chronology that a risk is high
// and that a case was closed. zone is where days are counted; nil means UTC.
func New(files *cases.Service, guard *audit.Guard, zone *time.Location) *Service {
	if zone == nil {
		zone = time.UTC
	}
	s := &Service{cases: files, guard: guard, zone: zone}
	files.Follow(cases.HighRisk, s.toSign)
	files.Follow(cases.Closed, s.toSign)
	return s
}

// Today is the day in the place.
func (s *Service) Today() string {
	return store.Moment(s.cases.DB().Clock()()).In(s.zone).Format(time.DateOnly)
}

func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.zone).Format(time.DateOnly) }

// Bounds of what pages read at once, and of what is typed.
const (
	listMost  = 200
	pairsMost = 500
	textMax   = 4000
	weeksMost = 26
)

func team(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

func worker(account string) audit.Subject { return audit.Subject{Kind: "account", ID: account} }

// Pair is a worker and whoever supervises them.
type Pair struct {
	Worker     string // account
	Supervisor string // account
	Weeks      int    // how often they meet
	Last       string // empty: they have not met yet
	Next       string
}

// Overdue tells whether they should have met.
func (p Pair) Overdue(today string) bool { return p.Next != "" && p.Next < today }

// Lead judges whether somebody supervises at their agency.
func (s *Service) Lead(ctx context.Context, actor policy.Actor) error {
	_, err := s.guard.Act(ctx, actor, ActSupervise, team(actor), true)
	return err
}

// Pairs are those of the actor's agency, by worker.
func (s *Service) Pairs(ctx context.Context, actor policy.Actor) (map[string]Pair, error) {
	if err := s.Lead(ctx, actor); err != nil {
		return nil, err
	}
	out := map[string]Pair{}
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := supervisiondb.New(tx).Pairs(ctx, supervisiondb.PairsParams{AgencyID: actor.Agency, Limit: pairsMost})
		for _, row := range rows {
			out[row.WorkerID] = pairOf(row)
		}
		return err
	})
	return out, err
}

func pairOf(row supervisiondb.SupervisionPair) Pair {
	return Pair{Worker: row.WorkerID, Supervisor: row.SupervisorID, Weeks: int(row.Weeks), Last: row.LastOn, Next: row.NextOn}
}

// Meeting is a meeting of a worker and whoever supervises them.
type Meeting struct {
	On         string
	Next       string
	Supervisor string
}

// PairOf is who supervises a worker, and when they met, the newest first. A
// worker whom nobody supervises has the zero pair.
func (s *Service) PairOf(ctx context.Context, actor policy.Actor, account string) (Pair, []Meeting, error) {
	if _, err := s.judge(ctx, actor, account); err != nil {
		return Pair{}, nil, err
	}
	var p Pair
	var out []Meeting
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if p, err = pair(ctx, tx, actor.Agency, account); err != nil {
			return err
		}
		rows, err := supervisiondb.New(tx).Meetings(ctx, supervisiondb.MeetingsParams{AgencyID: actor.Agency, WorkerID: account, Limit: 12})
		for _, row := range rows {
			out = append(out, Meeting{row.HeldOn, row.NextOn, row.SupervisorID})
		}
		return err
	})
	return p, out, err
}

// judge judges what concerns the supervision of a colleague: somebody of another
// agency is not there, and whoever asks for them is refused.
func (s *Service) judge(ctx context.Context, actor policy.Actor, account string) (audit.Permit, error) {
	var of directory.AgencyID
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		of, err = directory.AgencyOf(ctx, tx, account)
		if errors.Is(err, store.ErrNotFound) {
			of, err = "", nil // nobody's, and refused like somebody else's
		}
		return err
	})
	if err != nil {
		return audit.Permit{}, err
	}
	r := policy.Resource{Type: "Caseload", ID: string(of), Attrs: policy.Attrs{"agency": string(of)}}
	return s.guard.Act(ctx, actor, ActSupervise, r, string(of) == actor.Agency, worker(account))
}

func pair(ctx context.Context, tx *store.Tx, agency, account string) (Pair, error) {
	row, err := supervisiondb.New(tx).Pair(ctx, supervisiondb.PairParams{AgencyID: agency, WorkerID: account})
	if errors.Is(err, sql.ErrNoRows) {
		return Pair{}, nil
	}
	return pairOf(row), err
}

// SetPair makes the actor the supervisor of a colleague: they meet every so many
// weeks, for the first time by a day.
func (s *Service) SetPair(ctx context.Context, actor policy.Actor, account string, weeks int, next string) error {
	permit, err := s.judge(ctx, actor, account)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if account == actor.Account {
		errs.Add("weeks", "Somebody else supervises you")
	}
	if weeks < 1 || weeks > weeksMost {
		errs.Add("weeks", fmt.Sprintf("Enter how many weeks lie between two meetings, from 1 to %d", weeksMost))
	}
	if !validDay(next) || next < s.Today() {
		errs.Add("next", "Enter the day by which you meet next, today or later")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := supervisiondb.New(tx).SetPair(ctx, supervisiondb.SetPairParams{
			AgencyID: actor.Agency, WorkerID: account, SupervisorID: actor.Account, Weeks: int64(weeks), NextOn: next,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActSupervise, "pair", worker(account))
	})
}

// Met records that the actor met a colleague whom they supervise, and when the
// next meeting is. Of two who record at once, the later day stands.
func (s *Service) Met(ctx context.Context, actor policy.Actor, account, on, next string) error {
	permit, err := s.judge(ctx, actor, account)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if !validDay(on) || on > s.Today() {
		errs.Add("on", "Enter the day on which you met")
	}
	if !validDay(next) || next <= on {
		errs.Add("then", "Enter the day of the next meeting, after this one")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := pair(ctx, tx, actor.Agency, account)
		if err != nil {
			return err
		}
		if p.Worker == "" {
			return forms.Errors{{Field: "on", Message: "First say how often you meet this colleague"}}
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		q := supervisiondb.New(tx)
		err = q.InsertMeeting(ctx, supervisiondb.InsertMeetingParams{
			AgencyID: actor.Agency, ID: id, WorkerID: account, SupervisorID: actor.Account, HeldOn: on, NextOn: next, RecordedAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		if _, err := q.MetPair(ctx, supervisiondb.MetPairParams{AgencyID: actor.Agency, WorkerID: account, LastOn: on, NextOn: next}); err != nil {
			return err
		}
		return permit.Append(tx, ActSupervise, "met", worker(account))
	})
}

// Overdue counts the meetings of the actor with those they supervise that should
// have been, up to a hundred.
func (s *Service) Overdue(ctx context.Context, actor policy.Actor) (n int64, err error) {
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = supervisiondb.New(tx).OverduePairs(ctx, supervisiondb.OverduePairsParams{AgencyID: actor.Agency, NextOn: s.today(tx), SupervisorID: actor.Account})
		return err
	})
	return n, err
}

// show names the person in the ledger entry of the page before anything of
// theirs is read.
func show(ctx context.Context, f *cases.File) error {
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

func place(agency, table, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: "words", Row: id}
}

// words are what is said of a note, an action or a sign-off.
type words struct {
	Text   string `json:"text,omitempty"`
	Result string `json:"result,omitempty"`
}

func seal(ctx context.Context, tx *store.Tx, f *cases.File, table, id string, w words) ([]byte, error) {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f.Agency(), table, id), w)
	return sealed.Bytes(), err
}

func unseal(ctx context.Context, tx *store.Tx, agency, table, id string, sealed []byte) (words, error) {
	var w words
	err := tx.Vault().OpenJSON(ctx, tx, place(agency, table, id), sealed, &w)
	return w, err
}

func validDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func tooLong(errs *forms.Errors, field, text string) {
	if len(text) > textMax {
		errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", textMax))
	}
}
