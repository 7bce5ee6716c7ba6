package webhooks

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/webhooks/webhooksdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

const (
	subjectKind = "webhook"
	addressMax  = 500
)

var (
	// ErrSame is returned where the program is told at that address already.
	ErrSame = errors.New("the program is told there already")
	// ErrMany is returned where it has as many subscriptions as there may be.
	ErrMany = errors.New("the program has as many webhooks as there may be")
)

func place(agency, column, id string) store.Place {
	return store.Place{Agency: agency, Table: "webhook", Column: column, Row: id}
}

// New is what is needed to tell a program.
type NewSubscription struct {
	Program string // account; a program speaks for itself alone
	Address string
	Events  []Event
}

// Check says what is wrong, by field.
func (n NewSubscription) Check() forms.Errors {
	var errs forms.Errors
	switch {
	case n.Address == "":
		errs.Add("address", "Enter the address at which the program listens")
	case len(n.Address) > addressMax:
		errs.Add("address", "Shorten this to 500 characters or fewer")
	case !mayBeCalled(n.Address):
		errs.Add("address", "Enter an address that begins with https://, without a name, a password or a fragment in it")
	}
	if len(n.Events) == 0 {
		errs.Add("events", "Select at least one thing that it is told of")
	}
	for _, e := range n.Events {
		if !slices.Contains(Events(), e) {
			errs.Add("events", "Select from "+strings.ReplaceAll(joinEvents(Events()), ",", ", "))
			break
		}
	}
	return errs
}

// mayBeCalled tells whether an address is one of HTTPS, or of this very machine.
// Where it really leads is looked at when it is called.
func mayBeCalled(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && err == nil && ip.IsLoopback()
}

// Subscribe has a program told from now on. The secret is given back once. It
// returns forms.Errors, [ErrSame] and [ErrMany].
func (s *Service) Subscribe(ctx context.Context, actor policy.Actor, n NewSubscription) (Subscription, string, error) {
	if actor.Kind == policy.Service {
		n.Program = actor.Account
	}
	permit, err := s.guard.Act(ctx, actor, action(actor), resource(actor.Agency, n.Program), true)
	if err != nil {
		return Subscription{}, "", err
	}
	n.Address = strings.TrimSpace(n.Address)
	errs := n.Check()
	secret, err := newSecret()
	if err != nil {
		return Subscription{}, "", err
	}
	var out Subscription
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := webhooksdb.New(tx)
		programs, err := s.programs(ctx, tx, actor.Agency)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(programs, func(p Program) bool { return p.Account == n.Program }) {
			errs.Add("program", "Select a program of your agency")
		}
		if errs.Any() {
			return errs
		}
		many, err := q.CountOfProgram(ctx, webhooksdb.CountOfProgramParams{AgencyID: actor.Agency, AccountID: n.Program})
		if err != nil {
			return err
		}
		if many >= perMost {
			return ErrMany
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		sealed, err := tx.Vault().Seal(ctx, tx, place(actor.Agency, "secret", id), secret)
		if err != nil {
			return err
		}
		fresh, err := q.InsertWebhook(ctx, webhooksdb.InsertWebhookParams{
			AgencyID: actor.Agency, ID: id, AccountID: n.Program, Address: n.Address, Events: joinEvents(n.Events), Secret: sealed.Bytes(), OldSecret: []byte{},
			CreatedAt: tx.Now(), CreatedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		if fresh == 0 {
			return ErrSame
		}
		row, err := q.WebhookByID(ctx, id)
		if err != nil {
			return err
		}
		out = asSubscription(row)
		return permit.Append(tx, action(actor), "added", audit.Subject{Kind: subjectKind, ID: id})
	})
	if err != nil {
		return Subscription{}, "", err
	}
	return out, secret, nil
}

func asSubscription(row webhooksdb.WebhookByIDRow) Subscription {
	return Subscription{
		ID: row.ID, Agency: row.AgencyID, Program: row.AccountID, ProgramName: row.Name, Address: row.Address, Events: splitEvents(row.Events),
		Active: row.State == "active", Why: row.Why, CreatedAt: row.CreatedAt, OldUntil: row.OldUntil.Time, Version: row.Version,
	}
}

// Program is a program of an agency.
type Program struct{ Account, Name string }

func (s *Service) programs(ctx context.Context, tx *store.Tx, agency string) ([]Program, error) {
	rows, err := webhooksdb.New(tx).ProgramsOf(ctx, agency)
	var out []Program
	for _, r := range rows {
		out = append(out, Program{r.ID, r.Name})
	}
	return out, err
}

// Programs are those of the actor's agency that can be told.
func (s *Service) Programs(ctx context.Context, actor policy.Actor) ([]Program, error) {
	if _, err := s.guard.Open(ctx, actor, ActOversee, resource(actor.Agency, ""), "", true, audit.Subject{Kind: "agency", ID: actor.Agency}); err != nil {
		return nil, err
	}
	var out []Program
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.programs(ctx, tx, actor.Agency)
		return err
	})
	return out, err
}

// List are the subscriptions of a program, or to an administrator those of the
// agency.
func (s *Service) List(ctx context.Context, actor policy.Actor) ([]Subscription, error) {
	if _, err := s.guard.Open(ctx, actor, action(actor), resource(actor.Agency, actor.Account), "", true, audit.Subject{Kind: "agency", ID: actor.Agency}); err != nil {
		return nil, err
	}
	var out []Subscription
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := webhooksdb.New(tx).WebhooksOf(ctx, actor.Agency)
		for _, row := range rows {
			if actor.Kind != policy.Service || row.AccountID == actor.Account {
				out = append(out, asSubscription(webhooksdb.WebhookByIDRow(row)))
			}
		}
		return err
	})
	return out, err
}

// row is a subscription, whosever it is; the zero value where there is none, so
// that it is judged and answered as somebody else's is.
func (s *Service) row(ctx context.Context, id string) (webhooksdb.WebhookByIDRow, error) {
	var row webhooksdb.WebhookByIDRow
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = webhooksdb.New(tx).WebhookByID(ctx, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return row, err
}

// Get is one subscription.
func (s *Service) Get(ctx context.Context, actor policy.Actor, id string) (Subscription, error) {
	row, err := s.row(ctx, id)
	if err != nil {
		return Subscription{}, err
	}
	_, err = s.guard.Open(ctx, actor, action(actor), resource(row.AgencyID, row.AccountID), "", false, audit.Subject{Kind: subjectKind, ID: id})
	if err != nil {
		return Subscription{}, err
	}
	return asSubscription(row), nil
}

// change judges and makes a change to a subscription.
func (s *Service) change(ctx context.Context, actor policy.Actor, id, what string, do func(ctx context.Context, tx *store.Tx, q *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error) error {
	row, err := s.row(ctx, id)
	if err != nil {
		return err
	}
	subject := audit.Subject{Kind: subjectKind, ID: id}
	permit, err := s.guard.Act(ctx, actor, action(actor), resource(row.AgencyID, row.AccountID), false, subject)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := webhooksdb.New(tx)
		if row, err = q.WebhookByID(ctx, id); err != nil {
			return err
		}
		if err := do(ctx, tx, q, row); err != nil {
			return err
		}
		return permit.Append(tx, action(actor), what, subject)
	})
}

// Remove ends a subscription. What still waits is not told.
func (s *Service) Remove(ctx context.Context, actor policy.Actor, id string) error {
	return s.change(ctx, actor, id, "removed", func(ctx context.Context, _ *store.Tx, q *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error {
		if err := q.DeleteTriesOfWebhook(ctx, webhooksdb.DeleteTriesOfWebhookParams{AgencyID: row.AgencyID, WebhookID: id}); err != nil {
			return err
		}
		if err := q.DeleteDeliveriesOfWebhook(ctx, webhooksdb.DeleteDeliveriesOfWebhookParams{AgencyID: row.AgencyID, WebhookID: id}); err != nil {
			return err
		}
		return store.Changed(q.DeleteWebhook(ctx, webhooksdb.DeleteWebhookParams{AgencyID: row.AgencyID, ID: id}))
	})
}

// Pause keeps what happens back until it is taken up again.
func (s *Service) Pause(ctx context.Context, actor policy.Actor, id string, version int64) error {
	return s.change(ctx, actor, id, "paused", func(ctx context.Context, tx *store.Tx, q *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error {
		return store.Changed(q.SetState(ctx, webhooksdb.SetStateParams{AgencyID: row.AgencyID, ID: id, State: "paused", Why: "asked", ChangedAt: tx.Now(), Version: version}))
	})
}

// Resume takes it up again: what waited is told at once.
func (s *Service) Resume(ctx context.Context, actor policy.Actor, id string, version int64) error {
	return s.change(ctx, actor, id, "resumed", func(ctx context.Context, tx *store.Tx, q *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error {
		err := store.Changed(q.SetState(ctx, webhooksdb.SetStateParams{AgencyID: row.AgencyID, ID: id, State: "active", ChangedAt: tx.Now(), Version: version}))
		if err != nil {
			return err
		}
		return q.AllAgain(ctx, webhooksdb.AllAgainParams{AgencyID: row.AgencyID, WebhookID: id, NextAt: tx.Now()})
	})
}

// Rotate gives another secret, once. For a day the old one signs, too.
func (s *Service) Rotate(ctx context.Context, actor policy.Actor, id string, version int64) (secret string, until time.Time, err error) {
	if secret, err = newSecret(); err != nil {
		return "", until, err
	}
	err = s.change(ctx, actor, id, "secret", func(ctx context.Context, tx *store.Tx, q *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error {
		vault := tx.Vault()
		now, err := vault.Open(ctx, tx, place(row.AgencyID, "secret", id), row.Secret)
		if err != nil {
			return err
		}
		fresh, err := vault.Seal(ctx, tx, place(row.AgencyID, "secret", id), secret)
		if err != nil {
			return err
		}
		old, err := vault.Seal(ctx, tx, place(row.AgencyID, "old_secret", id), now)
		if err != nil {
			return err
		}
		until = tx.Now().Add(overlap)
		return store.Changed(q.SetSecret(ctx, webhooksdb.SetSecretParams{
			AgencyID: row.AgencyID, ID: id, Secret: fresh.Bytes(), OldSecret: old.Bytes(), OldUntil: moment(until), ChangedAt: tx.Now(), Version: version,
		}))
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return secret, until, nil
}

// Ping sends a test.
func (s *Service) Ping(ctx context.Context, actor policy.Actor, id string) error {
	return s.change(ctx, actor, id, "test", func(ctx context.Context, tx *store.Tx, _ *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error {
		return s.write(ctx, tx, row.AgencyID, id, Ping, "")
	})
}

// Again tells once more, under the same id. It returns [store.ErrNotFound].
func (s *Service) Again(ctx context.Context, actor policy.Actor, id, delivery string) error {
	return s.change(ctx, actor, id, "again", func(ctx context.Context, tx *store.Tx, q *webhooksdb.Queries, row webhooksdb.WebhookByIDRow) error {
		n, err := q.Again(ctx, webhooksdb.AgainParams{AgencyID: row.AgencyID, WebhookID: id, ID: delivery, NextAt: tx.Now()})
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		return err
	})
}

// Log is what was told, the newest first, with each try.
func (s *Service) Log(ctx context.Context, actor policy.Actor, id string) (Subscription, []Delivery, error) {
	sub, err := s.Get(ctx, actor, id)
	if err != nil {
		return sub, nil, err
	}
	var out []Delivery
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := webhooksdb.New(tx)
		rows, err := q.DeliveriesOf(ctx, webhooksdb.DeliveriesOfParams{AgencyID: sub.Agency, WebhookID: id, Limit: logMost})
		if err != nil {
			return err
		}
		tries, err := q.TriesOfWebhook(ctx, webhooksdb.TriesOfWebhookParams{AgencyID: sub.Agency, WebhookID: id})
		if err != nil {
			return err
		}
		by := map[string][]Try{}
		for _, t := range tries {
			by[t.DeliveryID] = append(by[t.DeliveryID], Try{At: t.At, Why: t.Why})
		}
		for _, r := range rows {
			out = append(out, Delivery{
				ID: r.ID, Event: Event(r.Event), Referral: r.ShareID, State: State(r.State), Happened: r.HappenedAt, NextAt: r.NextAt, Settled: r.SettledAt.Time, Tries: by[r.ID],
			})
		}
		return nil
	})
	return sub, out, err
}

// Stopped is how many subscriptions of the actor's agency were paused because
// nothing got through.
func (s *Service) Stopped(ctx context.Context, actor policy.Actor) (int64, error) {
	if _, err := s.guard.OpenFigures(ctx, actor, ActOversee, resource(actor.Agency, ""), "", true, audit.Subject{Kind: "agency", ID: actor.Agency}); err != nil {
		return 0, err
	}
	var n int64
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = webhooksdb.New(tx).CountPaused(ctx, actor.Agency)
		return err
	})
	return n, err
}
