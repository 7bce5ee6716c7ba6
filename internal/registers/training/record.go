package training

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingdb"
)

// Register is the register of training of one deployment.
type Register struct {
	db    *store.DB
	guard *audit.Guard
}

var (
	_ directory.Levels   = (*Register)(nil)
	_ directory.Training = (*Register)(nil)
)

// New opens the register.
func New(db *store.DB, guard *audit.Guard) *Register { return &Register{db: db, guard: guard} }

// Trained and Invalid are the directory's, where a new user brings a level
// along.
type (
	Trained = directory.Trained
	Invalid = directory.Invalid
)

// sourceMax is the longest source.
const sourceMax = 200

// CheckLevel tells what is wrong with a level as it was entered, by the fields
// level, achieved_on, expires_on and source; nothing when nothing is.
func (r *Register) CheckLevel(tx *store.Tx, t Trained) Invalid {
	wrong := Invalid{}
	if _, err := ParseLevel(strconv.Itoa(t.Level)); t.Topic == "" && err != nil {
		wrong.Note("level", "Select a training level from 1 to 4")
	}
	if t.Topic != "" && (t.Topic != Sharing || t.Level != 0) {
		wrong.Note("level", "Select a training level, or training in how to advise on sharing")
	}
	achieved, err := day(t.AchievedOn)
	switch {
	case err != nil:
		wrong.Note("achieved_on", "Enter the day the level was reached as year, month and day, like 2026-01-31")
	case achieved > dayOf(tx.Now().Add(summerTime)):
		wrong.Note("achieved_on", "Enter a day that is not in the future")
	}
	if t.ExpiresOn != "" {
		expires, err := day(t.ExpiresOn)
		switch {
		case err != nil:
			wrong.Note("expires_on", "Enter the last day on which the level counts as year, month and day, like 2028-01-31, or leave it empty")
		case achieved != "" && expires < achieved:
			wrong.Note("expires_on", "Enter a day that is not before the level was reached")
		}
	}
	switch source := strings.TrimSpace(t.Source); {
	case source == "":
		wrong.Note("source", "Enter what shows the level, like the name of a course or certificate")
	case utf8.RuneCountInString(source) > sourceMax:
		wrong.Note("source", fmt.Sprintf("Enter %d characters or fewer", sourceMax))
	}
	return wrong
}

// summerTime is how far the calendar in the United Kingdom may be ahead of UTC:
// what was reached today must not be refused as tomorrow's.
const summerTime = time.Hour

func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// day checks that a text is a calendar day.
func day(text string) (string, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	if err != nil {
		return "", err
	}
	return t.Format(time.DateOnly), nil
}

// Record keeps a level of somebody who works at an agency. It returns
// [Invalid], and [store.ErrNotFound] when the account works nowhere.
func (r *Register) Record(ctx context.Context, actor policy.Actor, account string, t Trained) error {
	agency, permit, err := r.judge(ctx, actor, ActRecord, account)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := still(ctx, tx, agency, account); err != nil {
			return err
		}
		return r.RecordTx(ctx, tx, permit, agency, account, t)
	})
}

// RecordTx is [Register.Record] inside a transaction, for an account whose
// agency was judged.
func (r *Register) RecordTx(ctx context.Context, tx *store.Tx, permit audit.Permit, agency directory.AgencyID, account string, t Trained) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if err := r.CheckLevel(tx, t).OrNil(); err != nil {
		return err
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	achieved, err := day(t.AchievedOn)
	if err != nil {
		return err
	}
	var expires sql.NullString
	if t.ExpiresOn != "" {
		if expires.String, err = day(t.ExpiresOn); err != nil {
			return err
		}
		expires.Valid = true
	}
	err = trainingdb.New(tx).InsertLevel(ctx, trainingdb.InsertLevelParams{
		AgencyID: string(agency), ID: id, AccountID: account, Level: int64(t.Level), Topic: t.Topic,
		AchievedOn: achieved, ExpiresOn: expires, Source: strings.TrimSpace(t.Source),
		RecordedBy: permit.Actor().Account, RecordedAt: tx.Now(),
	})
	if err != nil {
		return err
	}
	reason := "level " + strconv.Itoa(t.Level)
	if t.Topic != "" {
		reason = t.Topic
	}
	return permit.Append(tx, ActRecord, reason, subjects(account)...)
}

// Withdraw takes an entry back that was recorded wrongly. It stays in the
// history and does not count on any day. It returns [store.ErrNotFound], and
// [store.ErrConflict] when it was withdrawn already.
func (r *Register) Withdraw(ctx context.Context, actor policy.Actor, account string, id EntryID) error {
	agency, permit, err := r.judge(ctx, actor, ActWithdraw, account)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := still(ctx, tx, agency, account); err != nil {
			return err
		}
		q := trainingdb.New(tx)
		if _, err := q.LevelByID(ctx, trainingdb.LevelByIDParams{AccountID: account, ID: string(id)}); err != nil {
			return err
		}
		err := store.Changed(q.Withdraw(ctx, trainingdb.WithdrawParams{
			AccountID: account, ID: string(id), WithdrawnAt: sql.NullTime{Time: tx.Now(), Valid: true},
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActWithdraw, "", append(subjects(account), audit.Subject{Kind: "training_level", ID: string(id)})...)
	})
}

// judge judges a change of somebody's levels and tells where they work. Who
// works nowhere, or is not there, looks the same as somebody of another agency.
func (r *Register) judge(ctx context.Context, actor policy.Actor, action policy.Action, account string) (directory.AgencyID, audit.Permit, error) {
	agency, err := r.workplace(ctx, account)
	if err != nil {
		return "", audit.Permit{}, err
	}
	permit, err := r.guard.Act(ctx, actor, action, trainee(actor, agency, account), account == actor.Account, subjects(account)...)
	if err != nil {
		return "", audit.Permit{}, err
	}
	if agency == "" {
		return "", audit.Permit{}, store.ErrNotFound
	}
	return agency, permit, nil
}

// workplace is where an account works, empty when nowhere.
func (r *Register) workplace(ctx context.Context, account string) (directory.AgencyID, error) {
	var agency directory.AgencyID
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		agency, err = directory.AgencyOf(ctx, tx, account)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return agency, err
}

// still checks that the account works where it did when the act was judged.
func still(ctx context.Context, tx *store.Tx, agency directory.AgencyID, account string) error {
	now, err := directory.AgencyOf(ctx, tx, account)
	if errors.Is(err, store.ErrNotFound) || err == nil && now != agency {
		return store.ErrConflict
	}
	return err
}

// LevelOn is the level that counts for an account on the day of a time, 0 when
// there is none. It runs one statement.
func (r *Register) LevelOn(ctx context.Context, tx *store.Tx, account string, on time.Time) (int, error) {
	level, err := trainingdb.New(tx).LevelOn(ctx, trainingdb.LevelOnParams{AccountID: account, Day: dayOf(on)})
	return int(level), err
}

// LevelColumn is what [Register.LevelOn] asks, as a column of another statement:
// the level of the account that a column names, on the day that a parameter is.
func (r *Register) LevelColumn(account string, day int) string {
	return fmt.Sprintf(`(SELECT CAST(COALESCE(MAX(l.level), 0) AS bigint) FROM training_level l
  WHERE l.account_id = %s AND l.achieved_on <= $%d AND (l.expires_on IS NULL OR l.expires_on >= $%d) AND l.withdrawn_at IS NULL)`, account, day, day)
}

// Day is the parameter of [Register.LevelColumn] for a time.
func (r *Register) Day(on time.Time) string { return dayOf(on) }

// Advise tells which of some accounts are trained to advise on safe sharing on the
// day of a time, in one statement.
func (r *Register) Advise(ctx context.Context, tx *store.Tx, accounts []string, on time.Time) (map[string]bool, error) {
	out := map[string]bool{}
	if len(accounts) == 0 {
		return out, nil
	}
	args := []any{Sharing, dayOf(on)}
	marks := make([]string, len(accounts))
	for i, account := range accounts {
		args = append(args, account)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	err := store.Each(ctx, tx, `SELECT DISTINCT account_id FROM training_level WHERE topic = $1 AND achieved_on <= $2
		AND (expires_on IS NULL OR expires_on >= $2) AND withdrawn_at IS NULL AND account_id IN (`+strings.Join(marks, ", ")+`)`, args, func(rows *sql.Rows) error {
		var account string
		err := rows.Scan(&account)
		out[account] = true
		return err
	})
	return out, err
}

// EntryID identifies an entry.
type EntryID string

// Entry says that an account reached a level.
type Entry struct {
	ID          EntryID
	Agency      directory.AgencyID // where it was recorded
	Account     string
	Level       Level
	Topic       Topic  // of one that gives no level
	AchievedOn  string // YYYY-MM-DD
	ExpiresOn   string // the last day on which it counts; empty when it does not lapse
	Source      string
	RecordedBy  string
	RecordedAt  time.Time
	WithdrawnAt time.Time // zero when it stands
}

// CountsOn tells whether the entry counts on the day of a time.
func (e Entry) CountsOn(on time.Time) bool {
	d := dayOf(on)
	return e.WithdrawnAt.IsZero() && e.AchievedOn <= d && (e.ExpiresOn == "" || d <= e.ExpiresOn)
}

// History returns every level of an account, the latest reached first, and
// records that it was looked at.
func (r *Register) History(ctx context.Context, actor policy.Actor, account string) ([]Entry, error) {
	agency, err := r.workplace(ctx, account)
	if err != nil {
		return nil, err
	}
	own := account == actor.Account
	if _, err := r.guard.Open(ctx, actor, ActRead, trainee(actor, agency, account), "", own, subjects(account)...); err != nil {
		return nil, err
	}
	var out []Entry
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := trainingdb.New(tx).History(ctx, account)
		for _, row := range rows {
			out = append(out, Entry{
				ID: EntryID(row.ID), Agency: directory.AgencyID(row.AgencyID), Account: row.AccountID, Level: Level(row.Level), Topic: row.Topic,
				AchievedOn: row.AchievedOn, ExpiresOn: row.ExpiresOn.String, Source: row.Source,
				RecordedBy: row.RecordedBy, RecordedAt: row.RecordedAt, WithdrawnAt: row.WithdrawnAt.Time,
			})
		}
		return err
	})
	return out, err
}
