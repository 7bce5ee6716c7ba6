package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Plain are columns of a table that held words before they had sealed ones
// beside them. What is written now leaves them empty. [DB.SealPlain] seals what
// an older binary wrote.
type Plain struct {
	Table string
	// Key is the primary key after agency_id.
	Key []string
	// Row are the columns that name the row in the place of a sealed value, put
	// together with "/".
	Row []string
	// Columns are the plain ones. Beside each is one of the same name that ends
	// in _sealed. There is an index of the rows in which not all are empty.
	Columns []string
}

// Place is where the words of a column lie sealed, in the row that the values of
// Row name.
func (p Plain) Place(agency, column string, row ...string) Place {
	return Place{Agency: agency, Table: p.Table, Column: column, Row: strings.Join(row, "/")}
}

// OpenPlain opens what is sealed in a column, or returns the words that an older
// binary left unsealed.
func (v *Vault) OpenPlain(ctx context.Context, tx *Tx, at Place, sealed Sealed, plain string) (string, error) {
	if plain != "" {
		return plain, nil
	}
	return v.Open(ctx, tx, at, sealed)
}

// plainBatch bounds how many rows are sealed in one transaction: on SQLite the
// others wait for as long.
const plainBatch = 200

// SealPlain seals the words that older binaries left in plain columns, in
// batches, and empties those columns. It may be stopped and run again, and run
// while work goes on. The words of an agency whose key was destroyed are
// removed: they would have gone with it. It returns how many rows it changed.
func (db *DB) SealPlain(ctx context.Context, all []Plain) (int, error) {
	changed := 0
	for _, p := range all {
		for {
			n, left := 0, false
			err := db.Write(ctx, func(ctx context.Context, tx *Tx) (err error) {
				n, left, err = db.vault.sealBatch(ctx, tx, p)
				return err
			})
			if err != nil {
				return changed, fmt.Errorf("sealing what was plain in %s: %w", p.Table, err)
			}
			changed += n
			if !left {
				break
			}
		}
	}
	return changed, nil
}

// CountPlain counts the rows that still hold unsealed words.
func CountPlain(ctx context.Context, tx *Tx, all []Plain) (int64, error) {
	var sum int64
	for _, p := range all {
		var n int64
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+p.Table+` WHERE `+p.waits()).Scan(&n); err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// waits is the condition of the index.
func (p Plain) waits() string { return strings.Join(p.Columns, " || ") + " <> ''" }

// sealBatch seals some rows, and tells how many and whether there may be more.
func (v *Vault) sealBatch(ctx context.Context, tx *Tx, p Plain) (n int, more bool, err error) {
	rows, err := plainRows(ctx, tx, p)
	if err != nil {
		return 0, false, err
	}
	statement := p.statement()
	for _, r := range rows {
		args := make([]any, 0, 1+2*len(p.Columns)+len(p.Key))
		args = append(args, "")
		for i, column := range p.Columns {
			sealed, err := v.Seal(ctx, tx, p.Place(r.agency, column, r.row...), r.words[i])
			if err != nil && !errors.Is(err, ErrDestroyed) {
				return 0, false, err
			}
			args = append(args, sealed.Bytes())
		}
		args = append(args, r.agency)
		for _, k := range r.key {
			args = append(args, k)
		}
		// Only what was sealed here is emptied: an older binary may still write.
		for _, words := range r.words {
			args = append(args, words)
		}
		res, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return 0, false, err
		}
		done, err := res.RowsAffected()
		if err != nil {
			return 0, false, err
		}
		n += int(done)
	}
	return n, len(rows) == plainBatch, nil
}

// statement sets the sealed columns of one row and empties the plain ones. The
// first argument is nothing.
func (p Plain) statement() string {
	arg := 1
	next := func() string { arg++; return "$" + strconv.Itoa(arg) }
	var set, where []string
	for _, c := range p.Columns {
		// What is sealed beside a column that holds nothing plain stays.
		set = append(set, c+" = $1", c+"_sealed = CASE WHEN "+c+" = '' THEN "+c+"_sealed ELSE "+next()+" END")
	}
	where = append(where, "agency_id = "+next())
	for _, k := range p.Key {
		where = append(where, k+" = "+next())
	}
	for _, c := range p.Columns {
		where = append(where, c+" = "+next())
	}
	return "UPDATE " + p.Table + " SET " + strings.Join(set, ", ") + " WHERE " + strings.Join(where, " AND ")
}

type plainRow struct {
	agency          string
	key, row, words []string
}

func plainRows(ctx context.Context, tx *Tx, p Plain) ([]plainRow, error) {
	columns := append([]string{"agency_id"}, p.Key...)
	columns = append(append(columns, p.Row...), p.Columns...)
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+p.Table+" WHERE "+p.waits()+" LIMIT "+strconv.Itoa(plainBatch))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []plainRow
	for rows.Next() {
		r := plainRow{key: make([]string, len(p.Key)), row: make([]string, len(p.Row)), words: make([]string, len(p.Columns))}
		to := []any{&r.agency}
		for _, list := range [][]string{r.key, r.row, r.words} {
			for i := range list {
				to = append(to, &list[i])
			}
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
