package safetyplan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// vault seals and opens the words of a file, and remembers the first error.
type vault struct {
	ctx    context.Context
	tx     *store.Tx
	agency string
	err    error
}

func (s *Service) vault(ctx context.Context, tx *store.Tx, f *cases.File) *vault {
	return &vault{ctx: ctx, tx: tx, agency: f.Agency()}
}

func (v *vault) seal(table, column, row, text string) []byte {
	if v.err != nil {
		return []byte{}
	}
	sealed, err := v.tx.Vault().Seal(v.ctx, v.tx, store.Place{Agency: v.agency, Table: table, Column: column, Row: row}, text)
	v.err = err
	return sealed.Bytes()
}

func (v *vault) open(table, column, row string, sealed []byte) string {
	if v.err != nil {
		return ""
	}
	text, err := v.tx.Vault().Open(v.ctx, v.tx, store.Place{Agency: v.agency, Table: table, Column: column, Row: row}, sealed)
	v.err = err
	return text
}

// response opens the answers of a version, nil where there is none.
func (v *vault) response(column, id string, sealed []byte) *forms.Response {
	text := v.open("safety_plan", column, id, sealed)
	if v.err != nil || text == "" {
		return nil
	}
	r, err := forms.ParseResponse([]byte(text))
	if err != nil {
		v.err = fmt.Errorf("plan %s: %w", id, err)
		return nil
	}
	return r
}

// missing gives the absence of a row its name while the transaction goes on.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }
