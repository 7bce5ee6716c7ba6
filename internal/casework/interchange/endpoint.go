package interchange

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"waymark/internal/casework/interchange/interchangedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Endpoint is where a team is reached whose agency uses a system of its own, and
// how this service proves itself there.
type Endpoint struct {
	Agency       directory.AgencyID
	Team         directory.TeamID
	Address      string
	TokenAddress string
	ClientID     string
	Secret       string // never shown
	Scope        string
	KnownSystem  string // what that system calls the team; empty for our id
	KnownValue   string
	Active       bool
	ChangedAt    time.Time
	Version      int64
}

// LogValue implements [slog.LogValuer]: the secret is in no message.
func (e Endpoint) LogValue() slog.Value { return slog.StringValue(string(e.Team)) }

// String keeps the secret out of messages.
func (e Endpoint) String() string { return "endpoint of " + string(e.Team) }

const endpointMax = 500

// Check returns what is wrong with an endpoint, by field.
func (e Endpoint) Check(secretKept bool) forms.Errors {
	var errs forms.Errors
	for _, f := range []struct{ field, value, what string }{
		{"address", e.Address, "the address to which messages are posted"}, {"token_address", e.TokenAddress, "the address that gives tokens"},
	} {
		switch {
		case f.value == "":
			errs.Add(f.field, "Enter "+f.what)
		case !mayBeCalled(f.value):
			errs.Add(f.field, "Enter an address that begins with https://, without a name, a password or a fragment in it")
		}
	}
	if e.ClientID == "" {
		errs.Add("client_id", "Enter the client that the other system knows this service by")
	}
	if e.Secret == "" && !secretKept {
		errs.Add("secret", "Enter the secret of the client")
	}
	if (e.KnownSystem == "") != (e.KnownValue == "") {
		errs.Add("known_value", "Enter both what the identifier is and where it is from, or neither")
	}
	for field, value := range map[string]string{
		"address": e.Address, "token_address": e.TokenAddress, "client_id": e.ClientID, "secret": e.Secret, "scope": e.Scope,
		"known_system": e.KnownSystem, "known_value": e.KnownValue,
	} {
		if len(value) > endpointMax {
			errs.Add(field, "Shorten this to 500 characters or fewer")
		}
	}
	return errs
}

// mayBeCalled tells whether an address is one of HTTPS, or of this very machine.
// Where it really leads is looked at when it is called.
func mayBeCalled(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && err == nil && ip.IsLoopback()
}

func secretPlace(agency, team string) store.Place {
	return store.Place{Agency: agency, Table: "interchange_endpoint", Column: "secret", Row: team}
}

func (s *Service) endpoint(ctx context.Context, tx *store.Tx, agency directory.AgencyID, team directory.TeamID) (Endpoint, error) {
	row, err := interchangedb.New(tx).Endpoint(ctx, interchangedb.EndpointParams{AgencyID: string(agency), TeamID: string(team)})
	if err != nil {
		return Endpoint{}, err
	}
	e := asEndpoint(row)
	e.Secret, err = tx.Vault().Open(ctx, tx, secretPlace(row.AgencyID, row.TeamID), row.Secret)
	return e, err
}

func asEndpoint(row interchangedb.InterchangeEndpoint) Endpoint {
	return Endpoint{
		Agency: directory.AgencyID(row.AgencyID), Team: directory.TeamID(row.TeamID), Address: row.Address, TokenAddress: row.TokenAddress,
		ClientID: row.ClientID, Scope: row.Scope, KnownSystem: row.KnownSystem, KnownValue: row.KnownValue, Active: row.Active,
		ChangedAt: row.ChangedAt, Version: row.Version,
	}
}

// Endpoints are those of the actor's agency, without their secrets.
func (s *Service) Endpoints(ctx context.Context, actor policy.Actor) ([]Endpoint, error) {
	if _, err := s.guard.Open(ctx, actor, ActOversee, exchange(actor.Agency), "", true, audit.Subject{Kind: "agency", ID: actor.Agency}); err != nil {
		return nil, err
	}
	var out []Endpoint
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := interchangedb.New(tx).EndpointsOf(ctx, actor.Agency)
		for _, row := range rows {
			out = append(out, asEndpoint(row))
		}
		return err
	})
	return out, err
}

// MayConfigure judges whether the actor says how a team is reached, and returns
// what is said of it, without the secret. The version is 0 where nothing is.
func (s *Service) MayConfigure(ctx context.Context, actor policy.Actor, id directory.TeamID) (directory.Team, Endpoint, error) {
	var team directory.Team
	var out Endpoint
	owner, err := s.owner(ctx, id)
	if err != nil {
		return team, out, err
	}
	if _, err := s.guard.Open(ctx, actor, ActConfigure, exchange(owner), "", false, audit.Subject{Kind: "team", ID: string(id)}); err != nil {
		return team, out, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if team, err = directory.TeamIn(ctx, tx, directory.AgencyID(actor.Agency), id); err != nil {
			return err
		}
		row, err := interchangedb.New(tx).Endpoint(ctx, interchangedb.EndpointParams{AgencyID: actor.Agency, TeamID: string(id)})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		out = asEndpoint(row)
		return err
	})
	return team, out, err
}

// owner is the agency of a team; of one that is not there, none, so that it is
// judged and answered as somebody else's is.
func (s *Service) owner(ctx context.Context, id directory.TeamID) (string, error) {
	var out directory.AgencyID
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = directory.OwnerOf(ctx, tx, id)
		return err
	})
	return string(out), err
}

// Configure says how a team of the actor's agency is reached. An empty secret
// leaves the one that is kept. It returns forms.Errors, and [store.ErrConflict]
// when it was changed since the version was read.
func (s *Service) Configure(ctx context.Context, actor policy.Actor, e Endpoint) error {
	subject := audit.Subject{Kind: "team", ID: string(e.Team)}
	owner, err := s.owner(ctx, e.Team)
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActConfigure, exchange(owner), false, subject)
	if err != nil {
		return err
	}
	for _, t := range []*string{&e.Address, &e.TokenAddress, &e.ClientID, &e.Scope, &e.KnownSystem, &e.KnownValue} {
		*t = strings.TrimSpace(*t)
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := directory.TeamIn(ctx, tx, directory.AgencyID(actor.Agency), e.Team); err != nil {
			return err
		}
		q := interchangedb.New(tx)
		row, err := q.Endpoint(ctx, interchangedb.EndpointParams{AgencyID: actor.Agency, TeamID: string(e.Team)})
		fresh := errors.Is(err, sql.ErrNoRows)
		if err != nil && !fresh {
			return err
		}
		// A secret belongs to the system that gave it: it does not go to another.
		// Nor do the messages go elsewhere on the word of somebody who does not know it.
		moved := row.Address != e.Address || row.TokenAddress != e.TokenAddress || row.ClientID != e.ClientID
		if errs := e.Check(!fresh && !moved); errs.Any() {
			return errs
		}
		secret := row.Secret
		if e.Secret != "" {
			sealed, err := tx.Vault().Seal(ctx, tx, secretPlace(actor.Agency, string(e.Team)), e.Secret)
			if err != nil {
				return err
			}
			secret = sealed.Bytes()
		}
		if fresh {
			if e.Version != 0 {
				return store.ErrConflict
			}
			err = q.InsertEndpoint(ctx, interchangedb.InsertEndpointParams{
				AgencyID: actor.Agency, TeamID: string(e.Team), Address: e.Address, TokenAddress: e.TokenAddress, ClientID: e.ClientID, Secret: secret,
				Scope: e.Scope, KnownSystem: e.KnownSystem, KnownValue: e.KnownValue, Active: e.Active, ChangedAt: tx.Now(), ChangedBy: actor.Account,
			})
		} else {
			err = store.Changed(q.ChangeEndpoint(ctx, interchangedb.ChangeEndpointParams{
				AgencyID: actor.Agency, TeamID: string(e.Team), Address: e.Address, TokenAddress: e.TokenAddress, ClientID: e.ClientID, Secret: secret,
				Scope: e.Scope, KnownSystem: e.KnownSystem, KnownValue: e.KnownValue, Active: e.Active, ChangedAt: tx.Now(), ChangedBy: actor.Account, Version: e.Version,
			}))
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActConfigure, "", subject)
	})
}
