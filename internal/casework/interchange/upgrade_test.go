package interchange_test

import (
	"context"
	"fmt"
	"testing"

	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/migrations"
)

// A database from before a referral was told apart by the database itself: of two
// messages that brought the same one the first keeps its name, none is lost, and
// what was left to do for a program is for its team.
func TestAnOlderDatabaseIsPutRight(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		db, err := store.Open(t.Context(), storetest.Blank(t, engine))
		must(t, err)
		t.Cleanup(func() { _ = db.Close() })
		must(t, db.MigrateTo(t.Context(), migrations.FS, 45))
		must(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, s := range []string{
				`INSERT INTO account (id, username, name, kind, password_hash, disabled, created_at, version) VALUES ('robot', 'robot', 'x', 'service', '', false, $1, 1)`,
				`INSERT INTO account (id, username, name, kind, password_hash, disabled, created_at, version) VALUES ('ada', 'ada', 'x', 'human', '', false, $1, 1)`,
				`INSERT INTO person (agency_id, id, given_name, family_name, known_as, born, gender, language, access_needs, contact_state, contact_check, name_key, created_at, version)
					VALUES ('a', 'p', '', '', '', '', '', '', '', 'never', '', '', $1, 1)`,
				`INSERT INTO file (agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, version) VALUES ('a', 'f', 1, 'p', 'light', 'x', 'midwives', 'robot', false, $1, $1, 1)`,
				`INSERT INTO task (agency_id, id, file_id, kind, due_on, team_id, account_id, created_at, created_by, done_by, done_note) VALUES ('a', 't1', 'f', 'x', '2026-01-01', '', 'robot', $1, 'ada', '', '')`,
				`INSERT INTO task (agency_id, id, file_id, kind, due_on, team_id, account_id, created_at, created_by, done_by, done_note) VALUES ('a', 't2', 'f', 'x', '2026-01-01', '', 'ada', $1, 'ada', '', '')`,
			} {
				if _, err := tx.ExecContext(ctx, s, tx.Now()); err != nil {
					return fmt.Errorf("%s: %w", s, err)
				}
			}
			for message, request := range map[string]string{"m1": "r1", "m2": "r1", "m3": "r1", "m4": "r2", "m5": "", "m6": ""} {
				if _, err := tx.ExecContext(ctx, `INSERT INTO interchange_received (agency_id, message_id, bundle_id, request_id, mark, answer_id, file_id, share_id, received_at, received_by)
					VALUES ('a', $1, '', $2, $3, '', '', '', $4, 'robot')`, message, request, []byte{1}, tx.Now()); err != nil {
					return err
				}
			}
			return nil
		}))
		_, err = db.Migrate(t.Context(), migrations.FS)
		must(t, err)
		must(t, db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for query, want := range map[string]string{
				`SELECT message_id FROM interchange_received WHERE request_id = 'r1'`:                                  "m1",
				`SELECT message_id FROM interchange_received WHERE request_id = 'r2'`:                                  "m4",
				`SELECT CAST(COUNT(*) AS text) FROM interchange_received WHERE kind = 'new'`:                           "6",
				`SELECT team_id || '/' || account_id FROM task WHERE id = 't1'`:                                        "midwives/",
				`SELECT team_id || '/' || account_id FROM task WHERE id = 't2'`:                                        "/ada",
				`SELECT CAST(COUNT(*) AS text) FROM interchange_received WHERE request_id = '' AND message_id <> 'm1'`: "4",
			} {
				var got string
				if err := tx.QueryRowContext(ctx, query).Scan(&got); err != nil {
					return err
				}
				if got != want {
					t.Errorf("%s: %s gives %q, want %q", engine, query, got, want)
				}
			}
			return nil
		}))
	}
}
