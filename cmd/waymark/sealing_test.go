package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// word names what is said in one column of one row.
type word struct{ column, key string }

// wordsSealed are the words in the columns that were plain once; it fails the
// test for those that are not sealed.
func wordsSealed(t *testing.T, db *store.DB) map[word]string {
	t.Helper()
	out := map[word]string{}
	eachWord(t, db, func(ctx context.Context, tx *store.Tx, at store.Place, _ string, sealed store.Sealed, plain string, key []any) error {
		if plain != "" || len(sealed) > 0 && !strings.HasPrefix(string(sealed), "wmk1") {
			t.Errorf("%s.%s holds words that are not sealed", at.Table, at.Column)
		}
		text, err := db.Vault().Open(ctx, tx, at, sealed)
		if text != "" {
			out[word{at.Table + "." + at.Column, fmt.Sprint(key...)}] = text
		}
		return err
	})
	return out
}

// found is a row with a column that was plain once.
type found struct {
	key, row []string
	plain    string
	sealed   store.Sealed
}

func foundIn(ctx context.Context, tx *store.Tx, query string, keys, rest int) ([]found, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []found
	for rows.Next() {
		f := found{key: make([]string, keys), row: make([]string, rest)}
		var to []any
		for i := range f.key {
			to = append(to, &f.key[i])
		}
		for i := range f.row {
			to = append(to, &f.row[i])
		}
		if err := rows.Scan(append(to, &f.plain, &f.sealed)...); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// eachWord goes through the columns that were plain once. key are the values of
// the primary key, and where the condition that takes them from $2 on.
func eachWord(t *testing.T, db *store.DB, fn func(ctx context.Context, tx *store.Tx, at store.Place, where string, sealed store.Sealed, plain string, key []any) error) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, p := range plain() {
			for _, column := range p.Columns {
				key := append([]string{"agency_id"}, p.Key...)
				where := ""
				for i, k := range key {
					where += " AND " + k + " = $" + string(rune('2'+i))
				}
				names := slices.Concat(key, p.Row, []string{column, column + "_sealed"})
				all, err := foundIn(ctx, tx, "SELECT "+strings.Join(names, ", ")+" FROM "+p.Table, len(key), len(p.Row))
				if err != nil {
					return err
				}
				for _, f := range all {
					var values []any
					for _, k := range f.key {
						values = append(values, k)
					}
					at := p.Place(f.key[0], column, f.row...)
					if err := fn(ctx, tx, at, strings.TrimPrefix(where, " AND "), f.sealed, f.plain, values); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// laterSteps undo what the steps after 21 did. They have nothing to do with
// sealed words; a new step is added here.
var laterSteps = []string{
	"DROP TABLE marac_quarter", "DROP TABLE marac_review", "DROP INDEX marac_case_heard",
	"DROP TABLE marac_chase", "DROP TABLE marac_flag", "DROP TABLE marac_return_copy", "DROP TABLE marac_return", "DROP TABLE marac_ask_match", "DROP TABLE marac_ask_mark", "DROP TABLE marac_ask",
	"DROP TABLE marac_addendum", "DROP TABLE marac_minute", "DROP TABLE marac_minutes_open", "DROP TABLE marac_section_version", "DROP TABLE marac_section", "DROP TABLE marac_hearing", "DROP TABLE marac_run",
	"DROP TABLE marac_step", "DROP TABLE marac_key", "DROP TABLE marac_referral",
	"DROP TABLE marac_list", "DROP TABLE marac_action_step", "DROP TABLE marac_action", "DROP TABLE marac_party", "DROP TABLE marac_case", "DROP TABLE marac_seat", "DROP TABLE marac_meeting", "DROP TABLE marac_member", "DROP TABLE marac_area", "DROP TABLE marac_rule", "DROP TABLE marac",
	"DROP TABLE webhook_try", "DROP TABLE webhook_delivery", "DROP TABLE webhook",
	"DROP TABLE interchange_received", "DROP TABLE interchange_outbox", "DROP TABLE interchange_endpoint", "DROP TABLE access_token", "ALTER TABLE service_token DROP COLUMN kind",
	"DROP INDEX emergency_access_account",
	"DROP TABLE person_word", "DROP INDEX person_unkeyed", "ALTER TABLE person DROP COLUMN keyed", "DROP INDEX person_born", "DROP INDEX party_found", "DROP INDEX person_mark_found",
	"DROP TABLE subject_access_time", "ALTER TABLE subject_access DROP COLUMN received_on",
	"ALTER TABLE session DROP COLUMN began",
	"DROP TABLE question_set",
	"DROP TABLE safety_plan_copy", "DROP TABLE safety_plan_step", "DROP TABLE safety_plan_change", "DROP TABLE safety_plan_review", "DROP TABLE safety_plan_newest", "DROP TABLE safety_plan",
	"DROP TABLE support_outcome", "DROP TABLE support_plan", "DROP TABLE support_offer", "DROP TABLE support_action", "DROP TABLE support_goal",
	"DROP TABLE support_need", "DROP TABLE support_contact", "DROP TABLE support_case", "DROP INDEX event_risk", "ALTER TABLE safe_contact DROP COLUMN more",
	"DROP TABLE group_attendance", "DROP TABLE group_member", "DROP TABLE group_session", "DROP TABLE group_facilitator", "DROP TABLE support_group", "DROP TABLE setting_offer",
	"DROP TABLE appointment", "DROP TABLE meeting_room", "DROP TABLE meeting_place", "DROP TABLE calendar_feed",
	"DROP TABLE supervision_pair", "DROP TABLE supervision_meeting", "DROP TABLE supervision_note", "DROP TABLE supervision_action", "DROP TABLE supervision_sign_off",
	"DROP TABLE waiting_look", "DROP TABLE waiting_entry", "DROP TABLE court_hearing", "DROP TABLE court_order",
	"DROP TABLE person_place", "ALTER TABLE person_home DROP COLUMN hidden",
	"DROP TABLE support_setting", "DROP TABLE area_service",
	"DROP TABLE figure_release", "DROP TABLE figure_protocol", "ALTER TABLE training_level DROP COLUMN topic",
	"DROP TABLE pathway_draft", "DROP TABLE pathway_answer", "DROP TABLE pathway_version",
	"DROP TABLE risk_draft", "DROP TABLE risk_review", "DROP TABLE risk_repeat_rule",
	"ALTER TABLE risk_identification DROP COLUMN kind",
	"ALTER TABLE risk_identification DROP COLUMN danger",
	"ALTER TABLE risk_identification DROP COLUMN total",
	"ALTER TABLE risk_identification DROP COLUMN incidents",
	"ALTER TABLE risk_identification DROP COLUMN last_referral",
	"ALTER TABLE risk_identification DROP COLUMN repeat_on",
	"ALTER TABLE risk_identification DROP COLUMN repeat_crime",
	"ALTER TABLE risk_identification DROP COLUMN repeat_rule",
	"ALTER TABLE risk_identification DROP COLUMN aside_sealed",
	"DROP TABLE letter",
	"DROP TABLE share_justified", "DROP TABLE share_advice", "DROP TABLE share_chase", "DROP INDEX share_unanswered", "DROP INDEX share_urgent", "DROP TABLE share_setting", "DROP INDEX share_corrected_once", "DROP INDEX share_corrects",
	"ALTER TABLE share DROP COLUMN urgent", "ALTER TABLE share DROP COLUMN remind_at", "ALTER TABLE share DROP COLUMN manager_at", "ALTER TABLE share DROP COLUMN contact_at",
	"ALTER TABLE share DROP COLUMN corrects", "ALTER TABLE share DROP COLUMN incapacity", "ALTER TABLE share DROP COLUMN court_order",
	"ALTER TABLE share_copy DROP COLUMN informed_how", "ALTER TABLE share_copy DROP COLUMN danger",
	"DROP TABLE ask_step", "DROP TABLE referral_once", "DROP TABLE ask_mark", "DROP TABLE ask", "DROP TABLE ask_door", "DROP TABLE ask_try", "DROP TABLE referral_stage",
	"ALTER TABLE referral DROP COLUMN follows", "ALTER TABLE referral DROP COLUMN passes_on", "ALTER TABLE referral DROP COLUMN reason",
	"DROP TABLE share_override", "DROP TABLE share_answer", "DROP INDEX share_sent",
	"DROP TABLE agreement_party", "DROP TABLE agreement_version", "DROP TABLE agreement", "DROP TABLE circumstance", "DROP TABLE letter_text",
}

// turnBack makes of a database what it was before there were sealed columns: a
// filled one at step 20.
func turnBack(t *testing.T, db *store.DB) {
	t.Helper()
	eachWord(t, db, func(ctx context.Context, tx *store.Tx, at store.Place, where string, sealed store.Sealed, _ string, key []any) error {
		text, err := db.Vault().Open(ctx, tx, at, sealed)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE "+at.Table+" SET "+at.Column+" = $1 WHERE "+where, append([]any{text}, key...)...)
		return err
	})
	err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		statements := append(slices.Clone(laterSteps), "ALTER TABLE enquiry DROP COLUMN child_words", "DELETE FROM goose_db_version WHERE version_id > 20")
		for _, p := range plain() {
			statements = append(statements, "DROP INDEX "+p.Table+"_plain")
			for _, c := range p.Columns {
				statements = append(statements, "ALTER TABLE "+p.Table+" DROP COLUMN "+c+"_sealed")
			}
		}
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A database with a year of work in it, from before the words were sealed: after
// the next start every word is there, and sealed. So it is with a backup of that
// time, on either engine.
func TestTheWordsOfAnOlderDatabaseAreSealedAtTheNextStart(t *testing.T) {
	c := newCounty(t)
	want := wordsSealed(t, c.site.waymark.db)
	if len(want) < 3000 {
		t.Fatalf("the demo has %d words to seal", len(want))
	}
	turnBack(t, c.site.waymark.db)
	file := c.backup(t)
	if err := c.site.waymark.close(); err != nil {
		t.Fatal(err)
	}
	site, err := openDemo(t.Context(), c.place, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.waymark.close() })
	sealedAs := func(t *testing.T, db *store.DB) {
		t.Helper()
		if diff := cmp.Diff(want, wordsSealed(t, db)); diff != "" {
			t.Errorf("not what it was: %.2000s", diff)
		}
		err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			n, err := store.CountPlain(ctx, tx, plain())
			if n != 0 {
				t.Errorf("%d rows hold plain words", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	sealedAs(t, site.waymark.db)
	for _, engine := range storetest.Engines(t) {
		if engine == store.PostgreSQL {
			t.Run("from a backup on PostgreSQL", func(t *testing.T) { sealedAs(t, c.onPostgres(t, file).site.waymark.db) })
		}
	}
	tables := map[string]bool{}
	for at := range maps.Keys(want) {
		tables[at.column] = true
	}
	for _, p := range plain() {
		for _, column := range p.Columns {
			if !tables[p.Table+"."+column] {
				t.Errorf("the demo holds nothing in %s.%s", p.Table, column)
			}
		}
	}
}
