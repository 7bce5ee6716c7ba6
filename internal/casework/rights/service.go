package rights

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Service keeps subject accesses, schedules, holds, corrections and
// certificates.
type Service struct {
	db      *store.DB
	guard   *audit.Guard
	cases   *cases.Service
	facts   *measures.Registry
	keepers []cases.Keeper
	drafts  Drafts
	terms   Terms
}

// Drafts are forms that somebody had typed when their session ended: kept for a
// day, and perhaps about a file that is destroyed in it.
type Drafts interface {
	DropDraftsAbout(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, ids ...string) (int64, error)
}

// New makes the service. The keepers are what it collects from and destroys,
// in the order in which they are to be destroyed; those of the file itself are
// added by itself, and go last.
func New(db *store.DB, guard *audit.Guard, files *cases.Service, facts *measures.Registry, keepers ...cases.Keeper) *Service {
	s := &Service{db: db, guard: guard, cases: files, facts: facts, terms: DefaultTerms}
	s.keepers = append(append(s.keepers, keepers...), ownKeeper{s})
	s.keepers = append(s.keepers, files.Keepers()...)
	return s
}

// Forget hands in what keeps drafts, so that none outlives its file.
func (s *Service) Forget(d Drafts) { s.drafts = d }

// Parts are the parts of a file in the order in which a copy has them: what
// the file itself keeps comes first.
func (s *Service) Parts() []cases.Part {
	own := len(s.cases.Keepers())
	n := len(s.keepers)
	var out []cases.Part
	for i := range s.keepers {
		out = append(out, s.keepers[(n-own+i)%n].Part())
	}
	return out
}

func (s *Service) part(code string) (cases.Part, cases.Keeper) {
	for _, k := range s.keepers {
		if k.Part().Code == code {
			return k.Part(), k
		}
	}
	return cases.Part{}, nil
}

// judge judges a change to a file before its transaction begins.
func (s *Service) judge(ctx context.Context, f *cases.File, action policy.Action) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), action, f.Resource(), true, f.ID().Subject())
	return err
}

// second judges what only a second person does.
func (s *Service) second(ctx context.Context, f *cases.File, action policy.Action, id string, by []string) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), action, prepared(f.Agency(), id, by), true, f.ID().Subject())
	return err
}

// maySecond tells pages whether to offer it.
func (s *Service) maySecond(f *cases.File, action policy.Action, id string, by []string) bool {
	return f.Permit().Valid() && s.guard.Rules().Decide(f.Actor(), action, prepared(f.Agency(), id, by)).Allowed
}

// change is one change of a file with its entry in the ledger, which names the
// record that was changed too.
func (s *Service) change(ctx context.Context, f *cases.File, action policy.Action, subject audit.Subject, reason string, fn func(context.Context, *store.Tx) error) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return f.Permit().Append(tx, action, reason, f.ID().Subject(), f.Person().Subject(), subject)
	})
}

// vault seals and opens what this package keeps, and keeps the first error.
type vault struct {
	ctx    context.Context
	tx     *store.Tx
	vault  *store.Vault
	agency string
	err    error
}

func (s *Service) vault(ctx context.Context, tx *store.Tx, agency string) *vault {
	return &vault{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: agency}
}

func (v *vault) seal(table, column, row, text string) []byte {
	if v.err != nil {
		return []byte{}
	}
	sealed, err := v.vault.Seal(v.ctx, v.tx, store.Place{Agency: v.agency, Table: table, Column: column, Row: row}, text)
	v.err = err
	return sealed.Bytes()
}

func (v *vault) open(table, column, row string, sealed []byte) string {
	if v.err != nil {
		return ""
	}
	text, err := v.vault.Open(v.ctx, v.tx, store.Place{Agency: v.agency, Table: table, Column: column, Row: row}, sealed)
	v.err = err
	return text
}

const wordsMax = 4000

func need(errs *forms.Errors, field, text, ask string) {
	switch {
	case strings.TrimSpace(text) == "":
		errs.Add(field, ask)
	case len(text) > wordsMax:
		errs.Add(field, "Shorten this to 4,000 characters or fewer")
	}
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }

func today(tx *store.Tx) string { return tx.Now().Format(time.DateOnly) }

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
