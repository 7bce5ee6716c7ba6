package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

func signer(t *testing.T, name string) *audit.Signer {
	t.Helper()
	key, err := store.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := audit.NewSigner(key, name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signed(t *testing.T, s *audit.Signer, l *audit.Log) []byte {
	t.Helper()
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Head(head)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// However a row is altered, dropped or exchanged, the log is found not to be
// whole and the first entry concerned is named.
func TestTheFirstBadEntryIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		record(t, l, 24)
		whole := all(t, l)
		rapid.Check(t, func(rt *rapid.T) {
			undo := errors.New("undo")
			a := rapid.IntRange(0, len(whole)-1).Draw(rt, "entry")
			b := rapid.IntRange(0, len(whole)-1).Filter(func(n int) bool { return n != a }).Draw(rt, "other")
			bit := rapid.IntRange(0, 6).Draw(rt, "bit")
			at := rapid.IntRange(0, 1000).Draw(rt, "byte")
			kind := rapid.SampledFrom([]string{"flip", "drop", "swap"}).Draw(rt, "kind")
			// The fault is made, judged and undone in one transaction.
			err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				want, err := damage(ctx, tx, kind, int64(a), int64(b), at, bit)
				if err != nil {
					return err
				}
				report, err := audit.VerifyIn(ctx, tx)
				if err != nil {
					return err
				}
				if len(report.Faults) == 0 || report.First != want {
					rt.Errorf("%s: first %d, want %d: %v", kind, report.First, want, report.Faults)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				rt.Fatal(err)
			}
		})
	})
}

// damage alters the log and returns the first entry that is not as it was.
func damage(ctx context.Context, tx *store.Tx, kind string, a, b int64, at, bit int) (int64, error) {
	body := func(seq int64) (string, error) {
		var text string
		err := tx.QueryRowContext(ctx, `SELECT body FROM ledger_entry WHERE seq = $1`, seq).Scan(&text)
		return text, err
	}
	set := func(seq int64, text string) error {
		_, err := tx.ExecContext(ctx, `UPDATE ledger_entry SET body = $1 WHERE seq = $2`, text, seq)
		return err
	}
	first, err := body(a)
	if err != nil {
		return 0, err
	}
	switch kind {
	case "drop":
		_, err := tx.ExecContext(ctx, `DELETE FROM ledger_entry WHERE seq = $1`, a)
		return a, err
	case "swap":
		second, err := body(b)
		if err != nil {
			return 0, err
		}
		return min(a, b), errors.Join(set(a, second), set(b, first))
	}
	changed := []byte(first)
	changed[at%len(changed)] ^= 1 << bit
	if changed[at%len(changed)] == 0 {
		changed[at%len(changed)] = 1 // PostgreSQL has no text with a zero in it
	}
	return a, set(a, string(changed))
}

// A log that was rewritten whole, hashes and heads too, is whole in itself; an
// old head in somebody else's hands shows what was done.
func TestAnOldHeadExposesARewrittenLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := signer(t, "deployment")
		l := audit.New(db)
		var witness bytes.Buffer
		for range 3 {
			record(t, l, 5)
			witness.Write(audit.Witnessed(signed(t, s, l)))
			clock.Advance(time.Hour)
		}
		heads, err := s.ReadHeads(witness.Bytes())
		if err != nil || len(heads) != 3 || heads[2].Size != 15 {
			t.Fatalf("%+v, %v", heads, err)
		}
		report, err := l.Verify(t.Context(), heads...)
		if err != nil || len(report.Faults) > 0 {
			t.Errorf("%+v, %v", report, err)
		}

		forged := audit.New(storetest.Open(t, db.Engine(), storetest.NewClock().Now))
		for i := range 20 {
			if i == 7 {
				continue // this reading never happened
			}
			if err := forged.Record(t.Context(), entry(i%5)); err != nil {
				t.Fatal(err)
			}
		}
		if report, err := forged.Verify(t.Context()); err != nil || len(report.Faults) > 0 {
			t.Fatalf("the forged log is not whole in itself: %+v, %v", report, err)
		}
		report, err = forged.Verify(t.Context(), heads...)
		if err != nil || len(report.Faults) == 0 || !strings.Contains(report.Faults[0], "a witness") {
			t.Errorf("%+v, %v", report, err)
		}
		short := audit.New(storetest.Open(t, db.Engine(), storetest.NewClock().Now))
		record(t, short, 2)
		if report, err := short.Verify(t.Context(), heads...); err != nil || len(report.Faults) == 0 {
			t.Errorf("a log cut short: %+v, %v", report, err)
		}
	})
}

func TestAWitnessFileIsNotBelievedUnlessItWasSigned(t *testing.T) {
	db := storetest.Open(t, store.SQLite, storetest.NewClock().Now)
	l := audit.New(db)
	record(t, l, 5)
	s := signer(t, "deployment")
	file := append(audit.Witnessed(signed(t, s, l)), audit.Witnessed(signed(t, s, l))...)
	if heads, err := s.ReadHeads(file); err != nil || len(heads) != 2 {
		t.Fatalf("%+v, %v", heads, err)
	}
	for name, text := range map[string][]byte{
		"another size":   bytes.Replace(file, []byte("\n5\n"), []byte("\n6\n"), 1),
		"another origin": bytes.Replace(file, []byte("waymark/deployment\n"), []byte("waymark/other\n"), 1),
		"nonsense":       append([]byte("x\n\ny\n\n"), file...),
	} {
		if _, err := s.ReadHeads(text); !errors.Is(err, audit.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := signer(t, "deployment").ReadHeads(file); !errors.Is(err, audit.ErrForged) {
		t.Errorf("another key: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(file)).Draw(t, "cut")
		heads, err := s.ReadHeads(file[:n])
		if err == nil && len(heads) > 2*n/len(file) {
			t.Errorf("%d heads from %d of %d bytes", len(heads), n, len(file))
		}
	})
}

func TestAnEntryIsProvedToSomebodyOutside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		s := signer(t, "deployment")
		record(t, l, 13)
		for seq := range int64(13) {
			proof, err := l.Prove(t.Context(), s, seq)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(proof)
			if err != nil {
				t.Fatal(err)
			}
			var read audit.Proof
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatal(err)
			}
			e, head, err := read.Check(s.Public())
			if err != nil || e.Subjects[0].ID != fmt.Sprint("p", seq) || head.Size != 13 {
				t.Errorf("entry %d: %+v, %+v, %v", seq, e, head, err)
			}
			forged := read
			forged.Leaf = strings.Replace(read.Leaf, "nurse", "other", 1)
			if _, _, err := forged.Check(s.Public()); err == nil {
				t.Error("another text was believed")
			}
			if _, _, err := read.Check(signer(t, "deployment").Public()); !errors.Is(err, audit.ErrForged) {
				t.Errorf("another key: %v", err)
			}
		}
		if _, err := l.Prove(t.Context(), s, 13); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an entry that is not there: %v", err)
		}
	})
}
