package intake

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"net/netip"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// How much may be sent: so many at once and then one in a while, from one network
// and from all of them together. A house, a library or a telephone company
// shares one network. They are choices of this project.
const (
	fromOne, oneEvery = 6, 10 * time.Minute
	fromAll, allEvery = 120, 30 * time.Second
)

// ErrTooMany is returned when more was sent than is taken. Nothing is kept.
var ErrTooMany = errors.New("more was sent than is taken at once")

// Leave takes what somebody sent from the public pages, and returns the
// reference by which they can speak of it. What is sent twice arrives once. It
// returns forms.Errors for what is missing, and [ErrTooMany].
func (s *Service) Leave(ctx context.Context, from string, n NewAsk) (string, error) {
	if errs := n.Check(); errs.Any() {
		return "", errs
	}
	var out string
	err := s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := intakedb.New(tx)
		earlier, err := q.AskOnce(ctx, n.Once)
		if err == nil {
			out = earlier
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		switch open, err := takes(ctx, tx, n.To, n.Who); {
		case err != nil:
			return err
		case !open:
			return forms.Errors{{Field: "to", Message: "Select a service that takes this"}}
		}
		if err := s.slow(ctx, tx, from); err != nil {
			return err
		}
		out, err = s.keep(ctx, tx, n)
		return err
	})
	if err != nil {
		return "", err
	}
	return out, nil
}

// slow uses up a try of the network and one of everybody, or refuses.
func (s *Service) slow(ctx context.Context, tx *store.Tx, from string) error {
	q, now, vault := intakedb.New(tx), tx.Now().UnixMicro(), tx.Vault()
	if err := q.DeleteTriesBefore(ctx, now); err != nil {
		return err
	}
	for _, t := range []struct {
		key   string
		most  int64
		every time.Duration
	}{{"from " + network(from), fromOne, oneEvery}, {"from everywhere", fromAll, allEvery}} {
		step := t.every.Microseconds()
		n, err := q.TakeTry(ctx, intakedb.TakeTryParams{TryKey: vault.Keyed("ask try", t.key), Now: now, Step: step, Latest: now + (t.most-1)*step})
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrTooMany
		}
	}
	return nil
}

// network is the part of an address that its owner cannot vary.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// keep seals what was sent into the inbox of the team.
func (s *Service) keep(ctx context.Context, tx *store.Tx, n NewAsk) (string, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	words, err := tx.Vault().SealJSON(ctx, tx, place(n.To.Agency, "words", id), n.Words)
	if err != nil {
		return "", err
	}
	ref := reference(id)
	q := intakedb.New(tx)
	kept, err := q.InsertAsk(ctx, intakedb.InsertAskParams{
		AgencyID: n.To.Agency, ID: id, TeamID: n.To.Team, Who: string(n.Who), Reference: ref, Once: n.Once, State: string(Arrived),
		Danger: n.Words.Danger == Yes, DueOn: dueOn(tx.Now(), n.Who), ArrivedAt: tx.Now(), Words: words.Bytes(), Answer: []byte{},
	})
	if err != nil {
		return "", err
	}
	if kept == 0 { // the same page was sent at the same moment, and was first
		return q.AskOnce(ctx, n.Once)
	}
	if err := s.mark(ctx, tx, n, id); err != nil {
		return "", err
	}
	if err := s.emit(ctx, tx, "ask.received", Ask{Agency: n.To.Agency, ID: ID(id), Who: n.Who}, tx.Now(), nil); err != nil {
		return "", err
	}
	return ref, s.guard.Log.Append(tx, audit.Of(policy.Actor{Account: audit.Nobody}, ActLeave, audit.Done, ID(id).Subject()))
}

// mark keeps the marks of the names in it, by which those who are tied are shut
// out and people on record are proposed.
func (s *Service) mark(ctx context.Context, tx *store.Tx, n NewAsk, id string) error {
	m, err := s.cases.People().Marker(ctx, tx, n.To.Agency)
	if err != nil {
		return err
	}
	q := intakedb.New(tx)
	for whose, name := range map[string]string{"person": n.Words.Name, "feared": n.Words.Feared} {
		if name == "" {
			continue
		}
		for _, mark := range m.Person(details(name, "")) {
			err := q.InsertAskMark(ctx, intakedb.InsertAskMarkParams{AgencyID: n.To.Agency, AskID: id, Whose: whose, Kind: string(mark.Kind), Mark: mark.Value})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func dueOn(from time.Time, who Who) string {
	day := from
	for range who.days() {
		next, err := time.Parse(time.DateOnly, cases.NextWorkingDay(day))
		if err != nil {
			return day.Format(time.DateOnly)
		}
		day = next
	}
	return day.Format(time.DateOnly)
}

// emit counts something of an ask, with the case that it went into, if any: with
// the case goes what leads to it. Until somebody has spoken to them, who it is is
// not known, and each ask counts as somebody of its own.
func (s *Service) emit(ctx context.Context, tx *store.Tx, kind string, a Ask, at time.Time, d measures.Dimensions) error {
	person := string(a.Person)
	if person == "" {
		person = string(a.ID)
	}
	all := measures.Dimensions{"who": string(a.Who)}
	maps.Copy(all, d)
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: a.Agency, Person: person, File: string(a.File), At: at, Source: measures.Source{Kind: "ask", ID: string(a.ID)}, Dimensions: all,
	})
}

// recount counts anew what was counted of an ask, with the case it went into.
func (s *Service) recount(ctx context.Context, tx *store.Tx, a Ask) error {
	if err := s.facts.Withdraw(ctx, tx, a.Agency, measures.Source{Kind: "ask", ID: string(a.ID)}); err != nil {
		return err
	}
	rows, err := intakedb.New(tx).StepsOfAsk(ctx, intakedb.StepsOfAskParams{AgencyID: a.Agency, AskID: string(a.ID)})
	if err != nil {
		return err
	}
	received := a.Arrived
	for _, row := range rows {
		switch StepKind(row.Kind) {
		case CameHere:
			received = row.MadeAt
		case MovedOn:
			if err := s.emit(ctx, tx, "ask.moved", a, row.MadeAt, measures.Dimensions{"reason": row.Reason}); err != nil {
				return err
			}
		case SeenTo, Left:
		}
	}
	if err := s.emit(ctx, tx, "ask.received", a, received, nil); err != nil {
		return err
	}
	return s.emit(ctx, tx, "ask.taken", a, a.HeldAt, measures.Dimensions{"in_time": a.inTime(a.HeldAt)})
}

// inTime tells whether something was done by the day by which they are to be
// reached.
func (a Ask) inTime(at time.Time) bool { return at.Format(time.DateOnly) <= a.DueOn }
