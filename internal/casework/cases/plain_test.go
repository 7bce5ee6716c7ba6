package cases_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// write records a note.
func write(t *testing.T, w *casestest.World, f *cases.File, text string) (id cases.EventID) {
	t.Helper()
	mustDo(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, Text: text})
		return err
	}))
	return id
}

// notes are the notes of a file, the newest first.
func notes(t *testing.T, w *casestest.World, f *cases.File) (out []string, err error) {
	t.Helper()
	err = w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 50)
		for _, e := range events {
			if e.Kind == cases.Note {
				out = append(out, e.Text)
			}
		}
		return err
	})
	return out, err
}

func wantNotes(t *testing.T, w *casestest.World, f *cases.File, want ...string) {
	t.Helper()
	got, err := notes(t, w, f)
	if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the chronology says %q, %v; want %q", got, err, want)
	}
}

// The words of the chronology are sealed under the key of the agency: they
// outlive a new version of it, and go with it.
//
// Proves: B6.25
func TestTheChronologyIsSealedUnderTheKeyOfItsAgency(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id := write(t, w, f, "he hits me")
		var plain string
		var sealed store.Sealed
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT text, text_sealed FROM event WHERE id = $1`, string(id)).Scan(&plain, &sealed)
		})
		if plain != "" || len(sealed) == 0 || strings.Contains(string(sealed), "hits") {
			t.Errorf("the row holds %q and %q", plain, []byte(sealed))
		}
		vault := w.DB.Vault()
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return vault.RotateKey(ctx, tx, string(w.Trust.ID))
		}))
		write(t, w, f, "again")
		wantNotes(t, w, f, "again", "he hits me")
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return vault.DestroyKey(ctx, tx, string(w.Trust.ID))
		}))
		if got, err := notes(t, w, f); !errors.Is(err, store.ErrDestroyed) || strings.Join(got, "") != "" {
			t.Errorf("after the key was destroyed: %q, %v", got, err)
		}
	})
}

// An older binary that still runs writes plain words. They are read, and sealed
// at the next start; of an agency whose key is gone they go too.
func TestWhatAnOlderBinaryWroteIsReadAndThenSealed(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		other := w.Begin(t, w.Actor(t, casestest.IDVA))
		older := func(id cases.EventID, text string) {
			t.Helper()
			mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, `UPDATE event SET text = $2, text_sealed = NULL WHERE id = $1`, string(id), text)
				return err
			}))
		}
		const many = 250 // more than a batch
		for range many {
			older(write(t, w, f, ""), "he hits me")
		}
		older(write(t, w, other, ""), "gone with the key")
		got, err := notes(t, w, f)
		if err != nil || len(got) != 50 || got[0] != "he hits me" {
			t.Errorf("%d entries, %v", len(got), err)
		}
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return w.DB.Vault().DestroyKey(ctx, tx, string(w.Haven.ID))
		}))
		n, err := w.DB.SealPlain(t.Context(), cases.Plain())
		if err != nil || n != many+1 {
			t.Errorf("%d rows were sealed, %v", n, err)
		}
		if n, err = w.DB.SealPlain(t.Context(), cases.Plain()); err != nil || n != 0 {
			t.Errorf("and again %d, %v", n, err)
		}
		got, err = notes(t, w, f)
		if err != nil || len(got) != 50 || got[49] != "he hits me" {
			t.Errorf("afterwards %d entries, %v", len(got), err)
		}
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			var left int
			err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM event WHERE text <> '' OR file_id = $1 AND length(text_sealed) > 0 AND kind = 'note'`, string(other.ID())).Scan(&left)
			if left != 0 {
				t.Errorf("%d rows hold words that should be gone", left)
			}
			return err
		})
	})
}

// A row can hold both: sealed words, and beside them what an older binary wrote
// into another column. Neither takes the other away.
func TestSealingOneColumnLeavesTheOthers(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		actor := w.Actor(t, casestest.Nurse)
		f, err := w.Cases.Begin(t.Context(), actor, cases.NewFile{
			Person: people.Details{GivenName: "Ida", FamilyName: "Fictional", Gender: "woman", AccessNeeds: "Step-free access"},
			Kind:   cases.Full, Origin: cases.OwnContact, Team: actor.Teams[0],
		})
		mustDo(t, err)
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE person SET language = 'Welsh' WHERE id = $1`, string(f.Person()))
			return err
		}))
		n, err := w.DB.SealPlain(t.Context(), people.Plain())
		if err != nil || n != 1 {
			t.Fatalf("%d rows were sealed, %v", n, err)
		}
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			p, err := w.Cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
			if p.Gender != "woman" || p.Language != "Welsh" || p.AccessNeeds != "Step-free access" {
				t.Errorf("afterwards gender %q, language %q, needs %q", p.Gender, p.Language, p.AccessNeeds)
			}
			return err
		})
	})
}
