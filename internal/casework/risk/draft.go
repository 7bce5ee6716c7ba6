package risk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk/riskdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// DraftID names answers that are not recorded yet.
type DraftID string

// Draft is what a worker has answered so far, to one set about one file. Nobody
// else sees it until it is recorded, and it says nothing about risk until then.
type Draft struct {
	ID      DraftID
	Set     string // url|version
	Kind    Kind
	After   ID // the assessment they had before them
	Started time.Time
	Saved   time.Time
	Expires time.Time
	Version int64
	Answers forms.Answers
	Finding Finding
	Lang    string // of the questions; empty for that of the set
	// Window is the open page that saved last, as its script calls it, and Base
	// the version that it began from: what it saved since is its own.
	Window string
	Base   int64
}

// keptFor is how long answers that are not recorded are kept after they were
// last saved.
const keptFor = 14 * 24 * time.Hour

// draftsMost bounds how many a worker has begun on one file.
const draftsMost = 20

// draftWords is what lies sealed of a draft.
type draftWords struct {
	Answers map[string][]string
	Finding Finding
	Lang    string
	Window  string
	Base    int64
}

func values(a forms.Answers) map[string][]string {
	out := map[string][]string{}
	for linkID, answer := range a {
		if len(answer.Values) > 0 {
			out[linkID] = answer.Values
		}
	}
	return out
}

// packed are answers as they lie in one sealed column; nothing for none.
func packed(a forms.Answers) (string, error) {
	kept := values(a)
	if len(kept) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(kept)
	return string(raw), err
}

func unpacked(text string) (map[string][]string, error) {
	if text == "" {
		return nil, nil
	}
	var out map[string][]string
	err := json.Unmarshal([]byte(text), &out)
	return out, err
}

func draftPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "risk_draft", Column: "words", Row: id}
}

func (s *Service) sealDraft(ctx context.Context, tx *store.Tx, agency string, id DraftID, d Draft) ([]byte, error) {
	raw, err := json.Marshal(draftWords{values(d.Answers), d.Finding, d.Lang, d.Window, d.Base})
	if err != nil {
		return nil, err
	}
	sealed, err := tx.Vault().Seal(ctx, tx, draftPlace(agency, string(id)), string(raw))
	return sealed.Bytes(), err
}

// Start begins to answer a set. Where the worker has begun already, it is that.
// From here on the set does not change: saved answers are answers.
func (s *Service) Start(ctx context.Context, f *cases.File, set string) (DraftID, error) {
	if _, err := s.guard.Act(ctx, f.Actor(), ActBegin, f.Resource(), true, f.ID().Subject()); err != nil {
		return "", err
	}
	var id DraftID
	err := s.cases.Change(ctx, f, ActBegin, func(ctx context.Context, tx *store.Tx) error {
		instrument, err := s.instrument(ctx, tx, set)
		if err != nil {
			return err
		}
		if instrument.Rules.Frame {
			return store.ErrNotFound
		}
		q, now := riskdb.New(tx), tx.Now()
		if _, err := q.DropExpired(ctx, riskdb.DropExpiredParams{AgencyID: f.Agency(), ExpiresAt: now}); err != nil {
			return err
		}
		begun, err := q.DraftsOf(ctx, riskdb.DraftsOfParams{AgencyID: f.Agency(), FileID: string(f.ID()), AccountID: f.Actor().Account, ExpiresAt: now, Limit: draftsMost})
		if err != nil {
			return err
		}
		for _, d := range begun {
			if d.Questions == set {
				id = DraftID(d.ID)
				return nil
			}
		}
		if len(begun) == draftsMost {
			return forms.Errors{{Field: "set", Message: "You have begun as many as there can be on this case: record or drop one first"}}
		}
		if err := s.sets.Answered(ctx, tx, instrument.Form); err != nil {
			return err
		}
		latest, err := s.latest(ctx, tx, f, instrument.Rules.Kind)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		fresh, err := tx.NewID()
		if err != nil {
			return err
		}
		id = DraftID(fresh)
		answers, _ := instrument.Form.At(Here(now)).StartAnswers()
		words, err := s.sealDraft(ctx, tx, f.Agency(), id, Draft{Answers: answers})
		if err != nil {
			return err
		}
		return q.InsertDraft(ctx, riskdb.InsertDraftParams{
			AgencyID: f.Agency(), ID: fresh, FileID: string(f.ID()), AccountID: f.Actor().Account, Questions: set, Kind: string(instrument.Rules.Kind),
			AfterID: string(latest.ID), WordsSealed: words, StartedAt: now, SavedAt: now, ExpiresAt: now.Add(keptFor),
		})
	})
	return id, err
}

// Draft is what the worker has answered so far, with its instrument.
func (s *Service) Draft(ctx context.Context, tx *store.Tx, f *cases.File, id DraftID) (Draft, Instrument, error) {
	if err := f.Permit().Show(ctx, f.Person().Subject()); err != nil {
		return Draft{}, Instrument{}, err
	}
	row, err := riskdb.New(tx).Draft(ctx, riskdb.DraftParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), AccountID: f.Actor().Account, ID: string(id), ExpiresAt: tx.Now(),
	})
	if err != nil {
		return Draft{}, Instrument{}, missing(err)
	}
	d, err := openDraft(ctx, tx, row)
	if err != nil {
		return Draft{}, Instrument{}, err
	}
	i, err := s.instrument(ctx, tx, row.Questions)
	return d, i, err
}

func openDraft(ctx context.Context, tx *store.Tx, row riskdb.RiskDraft) (Draft, error) {
	text, err := tx.Vault().Open(ctx, tx, draftPlace(row.AgencyID, row.ID), row.WordsSealed)
	if err != nil {
		return Draft{}, err
	}
	var w draftWords
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return Draft{}, err
	}
	d := Draft{
		ID: DraftID(row.ID), Set: row.Questions, Kind: Kind(row.Kind), After: ID(row.AfterID), Started: row.StartedAt, Saved: row.SavedAt,
		Expires: row.ExpiresAt, Version: row.Version, Answers: forms.Answers{}, Finding: w.Finding, Lang: w.Lang, Window: w.Window, Base: w.Base,
	}
	for linkID, given := range w.Answers {
		d.Answers.Set(linkID, given...)
	}
	return d, nil
}

// Begun are the worker's own drafts on a file, without their words.
func (s *Service) Begun(ctx context.Context, tx *store.Tx, f *cases.File) ([]Draft, error) {
	rows, err := riskdb.New(tx).DraftsOf(ctx, riskdb.DraftsOfParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), AccountID: f.Actor().Account, ExpiresAt: tx.Now(), Limit: draftsMost,
	})
	out := make([]Draft, len(rows))
	for n, r := range rows {
		out[n] = Draft{ID: DraftID(r.ID), Set: r.Questions, Kind: Kind(r.Kind), Started: r.StartedAt, Saved: r.SavedAt, Expires: r.ExpiresAt}
	}
	return out, err
}

// Save keeps answers as they were typed, right or wrong. It returns
// [store.ErrConflict] when they were saved from another page meanwhile; the
// draft that comes back has the new version.
func (s *Service) Save(ctx context.Context, f *cases.File, d Draft) (Draft, error) {
	if _, err := s.guard.Act(ctx, f.Actor(), ActBegin, f.Resource(), true, f.ID().Subject()); err != nil {
		return d, err
	}
	err := s.cases.Change(ctx, f, ActBegin, func(ctx context.Context, tx *store.Tx) error {
		words, err := s.sealDraft(ctx, tx, f.Agency(), d.ID, d)
		if err != nil {
			return err
		}
		d.Saved, d.Expires = tx.Now(), tx.Now().Add(keptFor)
		return store.Changed(riskdb.New(tx).SaveDraft(ctx, riskdb.SaveDraftParams{
			AgencyID: f.Agency(), ID: string(d.ID), AccountID: f.Actor().Account, Version: d.Version, WordsSealed: words, SavedAt: d.Saved, ExpiresAt: d.Expires,
		}))
	})
	if err == nil {
		d.Version++
	}
	return d, err
}

// Drop takes a draft away for good.
func (s *Service) Drop(ctx context.Context, f *cases.File, id DraftID) error {
	if _, err := s.guard.Act(ctx, f.Actor(), ActBegin, f.Resource(), true, f.ID().Subject()); err != nil {
		return err
	}
	return s.cases.Change(ctx, f, ActBegin, func(ctx context.Context, tx *store.Tx) error {
		n, err := riskdb.New(tx).DropDraft(ctx, riskdb.DropDraftParams{AgencyID: f.Agency(), FileID: string(f.ID()), AccountID: f.Actor().Account, ID: string(id)})
		if err == nil && n == 0 {
			return store.ErrNotFound
		}
		return err
	})
}

// Record makes an identification of a draft, and the draft is gone. after is
// the assessment that the worker has read last.
func (s *Service) Record(ctx context.Context, f *cases.File, d Draft, after ID) (ID, error) {
	return s.Identify(ctx, f, NewIdentification{
		Set: d.Set, Answers: d.Answers, Finding: d.Finding, After: after, draft: d.ID, draftVersion: d.Version,
	})
}

// used takes away the draft of what is being recorded. It returns
// [store.ErrConflict] when it was recorded or changed meanwhile.
func (s *Service) used(ctx context.Context, tx *store.Tx, f *cases.File, id DraftID, version int64) error {
	return store.Changed(riskdb.New(tx).UseDraft(ctx, riskdb.UseDraftParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), AccountID: f.Actor().Account, ID: string(id), Version: version,
	}))
}
