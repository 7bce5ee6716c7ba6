package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// DraftLasts is how long what was typed is kept.
const DraftLasts = 24 * time.Hour

// draftMax bounds what is kept of one form.
const draftMax = 256 << 10

// The actions of drafts, for the ledger.
const (
	ActKeepDraft policy.Action = "account.keep_draft"
	ActReadDraft policy.Action = "account.read_draft"
)

// Draft is what somebody had typed when their session ended.
type Draft struct {
	ID   string
	Path string // where it was to be sent
	Page string // where the form stands, if that is known
	Form url.Values
	Kept time.Time
}

// typed is a draft as it is sealed.
type typed struct {
	Path string     `json:"path"`
	Page string     `json:"page,omitempty"`
	Form url.Values `json:"form"`
}

func draftPlace(agency, account, id string) store.Place {
	return store.Place{Agency: agency, Table: "draft", Column: "sealed", Row: account + "/" + id}
}

// KeepDraft keeps what was typed in a form for the account of a session that
// is locked, or ended for lack of use or after its longest time, and tells
// whether it did. Of a session that was ended on purpose nothing is known, and
// nothing is kept. Secrets are left out.
func (s *Service) KeepDraft(ctx context.Context, token string, d Draft) (bool, error) {
	kept := url.Values{}
	for name, values := range d.Form {
		if !secretField(name) {
			kept[name] = values
		}
	}
	if token == "" || len(kept) == 0 {
		return false, nil
	}
	text, err := json.Marshal(typed{Path: d.Path, Page: d.Page, Form: kept})
	if err != nil || len(text) > draftMax {
		return false, err
	}
	// Whoever makes a cookie up keeps nobody waiting for the writer.
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := authdb.New(tx).SessionAccount(ctx, hashToken(token))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	done := false
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := authdb.New(tx)
		row, err := q.SessionAccount(ctx, hashToken(token))
		if err != nil {
			return noRows(err)
		}
		if row.Disabled || row.Factor == string(NoFactor) {
			return store.ErrNotFound
		}
		work, err := s.work.AtWork(ctx, tx, row.AccountID)
		if err != nil {
			return err
		}
		if work.Agency == "" {
			return store.ErrNotFound // without an agency there is no key to seal it with
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		sealed, err := s.db.Vault().Seal(ctx, tx, draftPlace(work.Agency, row.AccountID, id), string(text))
		if err != nil {
			return err
		}
		if err := q.InsertDraft(ctx, authdb.InsertDraftParams{
			AccountID: row.AccountID, ID: id, AgencyID: work.Agency, Sealed: sealed.Bytes(), KeptAt: tx.Now(),
		}); err != nil {
			return err
		}
		sess, _ := asSession(row, tx.Now())
		done = true
		return s.log.Append(tx, own(sess, ActKeepDraft, ""))
	})
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrDestroyed) {
		return false, nil
	}
	return done, err
}

// secretField tells whether a field holds what proves somebody.
func secretField(name string) bool {
	return strings.Contains(name, "password") || name == "code" || name == "credential"
}

// Drafts are what the account that asks had typed, the latest first. That they
// were read is recorded.
func (s *Service) Drafts(ctx context.Context, token string) ([]Draft, error) {
	var out []Draft
	var sess Session
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if sess, err = signedIn(ctx, tx, token); err != nil {
			return err
		}
		rows, err := authdb.New(tx).DraftsOf(ctx, sess.Account.ID)
		if err != nil {
			return err
		}
		work, err := s.work.AtWork(ctx, tx, sess.Account.ID)
		if err != nil {
			return err
		}
		for _, row := range rows {
			// Of an agency where somebody does not work any more nothing is shown.
			if row.AgencyID != work.Agency || tx.Now().Sub(row.KeptAt) >= DraftLasts {
				continue
			}
			text, err := s.db.Vault().Open(ctx, tx, draftPlace(row.AgencyID, sess.Account.ID, row.ID), row.Sealed)
			if err != nil {
				return err
			}
			var t typed
			if err := json.Unmarshal([]byte(text), &t); err != nil {
				return err
			}
			out = append(out, Draft{ID: row.ID, Path: t.Path, Page: t.Page, Form: t.Form, Kept: row.KeptAt})
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, s.log.Record(ctx, own(sess, ActReadDraft, ""))
}

// Draft is one of them. It returns [store.ErrNotFound] for one that is not
// there, has lasted too long, or is somebody else's.
func (s *Service) Draft(ctx context.Context, token, id string) (Draft, error) {
	list, err := s.Drafts(ctx, token)
	if err != nil {
		return Draft{}, err
	}
	i := slices.IndexFunc(list, func(d Draft) bool { return d.ID == id })
	if i < 0 {
		return Draft{}, store.ErrNotFound
	}
	return list[i], nil
}

// OpenDraft is [Service.Draft] for who asks for one by its id: that it is not
// theirs is recorded.
func (s *Service) OpenDraft(ctx context.Context, token, id string) (Draft, error) {
	d, err := s.Draft(ctx, token, id)
	return d, s.absent(ctx, token, ActReadDraft, err)
}

// SentDraft removes one whose form was filled in again and then sent. One that
// is gone already is no fault: its form was sent twice.
func (s *Service) SentDraft(ctx context.Context, token, id string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := signedIn(ctx, tx, token)
		if err != nil {
			return err
		}
		_, err = authdb.New(tx).DeleteDraft(ctx, authdb.DeleteDraftParams{AccountID: sess.Account.ID, ID: id})
		return err
	})
}

// DropDraft throws one away that is not wanted.
func (s *Service) DropDraft(ctx context.Context, token, id string) error {
	return s.absent(ctx, token, ActReadDraft, s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := signedIn(ctx, tx, token)
		if err != nil {
			return err
		}
		n, err := authdb.New(tx).DeleteDraft(ctx, authdb.DeleteDraftParams{AccountID: sess.Account.ID, ID: id})
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		return err
	}))
}

// DraftIDs are the drafts of the account that asks, the latest first.
func (s *Service) DraftIDs(ctx context.Context, token string) ([]string, error) {
	var ids []string
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := signedIn(ctx, tx, token)
		if err != nil {
			return err
		}
		rows, err := authdb.New(tx).DraftsOf(ctx, sess.Account.ID)
		for _, row := range rows {
			if tx.Now().Sub(row.KeptAt) < DraftLasts {
				ids = append(ids, row.ID)
			}
		}
		return err
	})
	return ids, err
}

// DropDraftsAbout throws away what anybody at an agency had typed for a page
// whose address holds one of the ids, or in a form that holds one, and tells
// how many there were.
func (s *Service) DropDraftsAbout(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, ids ...string) (int64, error) {
	if !permit.Valid() {
		return 0, audit.ErrNoPermit
	}
	q := authdb.New(tx)
	rows, err := q.DraftsOfAgency(ctx, agency)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, row := range rows {
		text, err := s.db.Vault().Open(ctx, tx, draftPlace(agency, row.AccountID, row.ID), row.Sealed)
		if err != nil {
			return n, err
		}
		if !slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.Contains(text, id) }) {
			continue
		}
		dropped, err := q.DeleteDraft(ctx, authdb.DeleteDraftParams{AccountID: row.AccountID, ID: row.ID})
		if err != nil {
			return n, err
		}
		n += dropped
	}
	return n, nil
}
