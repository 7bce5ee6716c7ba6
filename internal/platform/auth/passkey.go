package auth

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ErrPasskey is returned for an answer of a device that does not prove what it
// should.
var ErrPasskey = errors.New("the passkey was not accepted")

// ErrNoName is returned where this service is reached by a number and not by a
// name: a passkey is bound to a name.
var ErrNoName = errors.New("a passkey needs the name of a site, and this address is a number")

// Asking is what a page asks a device for.
type Asking struct {
	Token   string // for the next step
	Options string // JSON for the browser
}

// party is this service as devices know it: by the host of its address, to
// which a passkey is bound.
func party(site string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("no address to bind a passkey to: %q", site)
	}
	if net.ParseIP(u.Hostname()) != nil {
		return nil, ErrNoName
	}
	return webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: u.Hostname(), RPOrigins: []string{site}})
}

// holder is an account with its passkeys, as the library asks for them.
type holder struct {
	id, name string
	keys     []webauthn.Credential
	rows     []string // the second factor of each
}

func (h *holder) WebAuthnID() []byte                         { return []byte(h.id) }
func (h *holder) WebAuthnName() string                       { return h.name }
func (h *holder) WebAuthnDisplayName() string                { return h.name }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (s *Service) holder(ctx context.Context, tx *store.Tx, account, name string) (*holder, error) {
	h := &holder{id: account, name: name}
	rows, err := authdb.New(tx).FactorsOf(ctx, account)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Kind != string(Passkey) {
			continue
		}
		text, err := s.db.Vault().Open(ctx, tx, factorPlace(account, row.ID), row.Secret)
		if err != nil {
			return nil, err
		}
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return nil, fmt.Errorf("a passkey that is kept: %w", err)
		}
		h.keys, h.rows = append(h.keys, c), append(h.rows, row.ID)
	}
	return h, nil
}

// ask keeps a challenge and puts the options into JSON.
func (s *Service) ask(ctx context.Context, tx *store.Tx, kind ceremonyKind, account string, options any, data *webauthn.SessionData) (Asking, error) {
	kept, err := json.Marshal(data)
	if err != nil {
		return Asking{}, err
	}
	text, err := json.Marshal(options)
	if err != nil {
		return Asking{}, err
	}
	token, err := s.start(ctx, tx, kind, account, string(kept))
	return Asking{Token: token, Options: string(text)}, err
}

// answered reads the challenge that an answer belongs to, once.
func (s *Service) answered(ctx context.Context, tx *store.Tx, kind ceremonyKind, account, token string) (webauthn.SessionData, error) {
	var data webauthn.SessionData
	text, err := s.finish(ctx, tx, kind, account, token)
	if err != nil {
		return data, err
	}
	return data, json.Unmarshal([]byte(text), &data)
}

// BeginPasskey asks a device for a new passkey. site is the address of the
// service as the browser knows it.
func (s *Service) BeginPasskey(ctx context.Context, token, site string) (Asking, error) {
	if err := s.ready(ctx); err != nil {
		return Asking{}, err
	}
	var out Asking
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		w, err := party(site)
		if err != nil {
			return err
		}
		h, err := s.holder(ctx, tx, sess.Account.ID, sess.Account.Username)
		if err != nil {
			return err
		}
		options, data, err := w.BeginRegistration(h,
			webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred),
			webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
		if err != nil {
			return fmt.Errorf("asking for a passkey: %w", err)
		}
		out, err = s.ask(ctx, tx, enrolPasskey, sess.Account.ID, options.Response, data)
		return err
	})
	return out, err
}

// AddPasskey adds the passkey that a device answered with. The session that
// asked goes on as a proved one, under a new token.
func (s *Service) AddPasskey(ctx context.Context, token, ceremony, answer, name, site string) (Proved, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return Proved{}, ErrPasskey
	}
	w, err := party(site)
	if err != nil {
		return Proved{}, err
	}
	var out Proved
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		data, err := s.answered(ctx, tx, enrolPasskey, sess.Account.ID, ceremony)
		if err != nil {
			return err
		}
		key, err := w.CreateCredential(&holder{id: sess.Account.ID, name: sess.Account.Username}, data, parsed)
		if err != nil {
			return ErrPasskey
		}
		text, err := json.Marshal(key)
		if err != nil {
			return err
		}
		out, err = s.addFactor(ctx, tx, sess, token, Passkey, name, string(text), 0)
		return err
	})
	return out, err
}

// AskPasskey asks a device for the proof of a session, for the first time or
// again. Without a passkey of the account the options are empty.
func (s *Service) AskPasskey(ctx context.Context, token, site string) (Asking, error) {
	sess, err := s.provable(ctx, token)
	if err != nil {
		return Asking{}, err
	}
	w, err := party(site)
	if errors.Is(err, ErrNoName) {
		return Asking{}, nil
	}
	if err != nil {
		return Asking{}, err
	}
	var h *holder
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		h, err = s.holder(ctx, tx, sess.Account.ID, sess.Account.Username)
		return err
	})
	if err != nil || len(h.keys) == 0 {
		return Asking{}, err
	}
	options, data, err := w.BeginLogin(h)
	if err != nil {
		return Asking{}, fmt.Errorf("asking for a passkey: %w", err)
	}
	var out Asking
	err = s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.ask(ctx, tx, givePasskey, sess.Account.ID, options.Response, data)
		return err
	})
	return out, err
}

// GivePasskey proves a session with the answer of a device. It returns the
// token that the browser has from now on.
func (s *Service) GivePasskey(ctx context.Context, token, ceremony, answer, site string) (string, error) {
	sess, err := s.provable(ctx, token)
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return "", s.refusePasskey(ctx, sess.Account.ID)
	}
	w, err := party(site)
	if err != nil {
		return "", err
	}
	var fresh string
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		data, err := s.answered(ctx, tx, givePasskey, sess.Account.ID, ceremony)
		if err != nil {
			return err
		}
		h, err := s.holder(ctx, tx, sess.Account.ID, sess.Account.Username)
		if err != nil {
			return err
		}
		key, err := w.ValidateLogin(h, data, parsed)
		if err != nil || key.Authenticator.CloneWarning {
			return ErrPasskey
		}
		if err := s.keepKey(ctx, tx, h, key); err != nil {
			return err
		}
		if fresh, err = rotate(ctx, tx, token, Passkey); err != nil {
			return err
		}
		return s.log.Append(tx, own(sess, ActSecond, string(Passkey)))
	})
	if errors.Is(err, ErrPasskey) || errors.Is(err, ErrCeremony) {
		return "", s.refusePasskey(ctx, sess.Account.ID)
	}
	return fresh, err
}

// refusePasskey commits the record of a refused proof.
func (s *Service) refusePasskey(ctx context.Context, account string) error {
	if err := s.log.Record(ctx, refused(account, ActSecond, "passkey not accepted")); err != nil {
		return err
	}
	return ErrPasskey
}

// keepKey keeps the counter of a passkey that was used.
func (s *Service) keepKey(ctx context.Context, tx *store.Tx, h *holder, key *webauthn.Credential) error {
	i := slices.IndexFunc(h.keys, func(k webauthn.Credential) bool { return slices.Equal(k.ID, key.ID) })
	if i < 0 {
		return ErrPasskey
	}
	text, err := json.Marshal(key)
	if err != nil {
		return err
	}
	sealed, err := s.db.Vault().Seal(ctx, tx, factorPlace(h.id, h.rows[i]), string(text))
	if err != nil {
		return err
	}
	return store.Changed(authdb.New(tx).KeepCredential(ctx, authdb.KeepCredentialParams{
		AccountID: h.id, ID: h.rows[i], Secret: sealed.Bytes(), UsedAt: sql.NullTime{Time: tx.Now(), Valid: true},
	}))
}

// AskAnyone asks a device for a passkey of this service, whosever it is: the
// device itself checks its owner, so that it is two proofs in one.
func (s *Service) AskAnyone(ctx context.Context, site string, from From) (Asking, error) {
	if err := s.ready(ctx); err != nil {
		return Asking{}, err
	}
	w, err := party(site)
	if err != nil {
		return Asking{}, err
	}
	// Anybody can ask, and each time something is kept for a while.
	if _, err := s.take(ctx, "passkey from:"+network(from.Address)); err != nil {
		return Asking{}, err
	}
	options, data, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Asking{}, fmt.Errorf("asking for a passkey: %w", err)
	}
	var out Asking
	err = s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.ask(ctx, tx, passkeySignIn, "", options.Response, data)
		return err
	})
	return out, err
}

// SignInWithPasskey begins a proved session with the answer of a device.
func (s *Service) SignInWithPasskey(ctx context.Context, ceremony, answer, site string, from From) (string, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return "", s.refusePasskey(ctx, "nobody")
	}
	w, err := party(site)
	if err != nil {
		return "", err
	}
	var token string
	account := "nobody"
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		data, err := s.answered(ctx, tx, passkeySignIn, "", ceremony)
		if err != nil {
			return err
		}
		var row authdb.Account
		var h *holder
		_, key, err := w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			if row, err = authdb.New(tx).AccountByID(ctx, string(handle)); err != nil {
				return nil, err
			}
			h, err = s.holder(ctx, tx, row.ID, row.Username)
			return h, err
		}, data, parsed)
		if row.ID != "" {
			account = row.ID
		}
		if err != nil || key.Authenticator.CloneWarning || row.Disabled || row.Kind != string(policy.Human) {
			return ErrPasskey
		}
		if err := s.keepKey(ctx, tx, h, key); err != nil {
			return err
		}
		if err := s.backFor(ctx, tx, "passkey from:"+network(from.Address)); err != nil {
			return err
		}
		token, err = s.beginIn(ctx, tx, row, Passkey, from)
		return err
	})
	if errors.Is(err, ErrPasskey) || errors.Is(err, ErrCeremony) {
		return "", s.refusePasskey(ctx, account)
	}
	return token, err
}

// backFor gives back a try that an earlier request took.
func (s *Service) backFor(ctx context.Context, tx *store.Tx, key string) error {
	t := try{throttle: s.tries, keys: [][]byte{s.db.Vault().Keyed("sign-in try", key)}}
	return t.giveBack(ctx, tx)
}
