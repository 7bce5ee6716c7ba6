package measures

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"waymark/internal/platform/measures/measuresdb"
	"waymark/internal/platform/store"
)

// Fact is one thing that happened.
type Fact struct {
	Kind   string
	Agency string
	Person string // opaque; given exactly when the kind is about people
	File   string // opaque; "" where there is none
	// At is when it happened, not when it was written down.
	At         time.Time
	Source     Source
	Dimensions Dimensions
}

// LogValue implements [slog.LogValuer]: whom a fact concerns stays out of logs.
func (f Fact) LogValue() slog.Value { return slog.StringValue(f.Kind) }

// Source is the record that says a fact, such as {"enquiry", its id}.
type Source struct{ Kind, ID string }

// Dimensions are the properties of a fact: text, bool, int or int64.
type Dimensions map[string]any

// Emit writes facts in the transaction of the act they count. A fact that is
// not exactly as its kind declares is an error, and the transaction should
// fail with it: a figure nobody can trust is worse than none.
func (r *Registry) Emit(ctx context.Context, tx *store.Tx, facts ...Fact) error {
	for _, f := range facts {
		dims, err := r.stored(f)
		if err != nil {
			return fmt.Errorf("a fact of kind %q: %w", f.Kind, err)
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		err = measuresdb.New(tx).InsertFact(ctx, measuresdb.InsertFactParams{
			ID: id, AgencyID: f.Agency, Kind: f.Kind, Day: r.Day(f.At), At: f.At,
			PersonID: f.Person, FileID: f.File, SourceKind: f.Source.Kind, SourceID: f.Source.ID,
			Dimensions: dims,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes back every fact of a record of an agency, because the record
// was corrected; what it says now is emitted anew in the same transaction.
func (r *Registry) Withdraw(ctx context.Context, tx *store.Tx, agency string, s Source) error {
	return measuresdb.New(tx).DeleteFactsOf(ctx, measuresdb.DeleteFactsOfParams{
		AgencyID: agency, SourceKind: s.Kind, SourceID: s.ID,
	})
}

// stored checks a fact against its kind and returns its dimensions as stored.
func (r *Registry) stored(f Fact) (string, error) {
	kind, ok := r.kinds[f.Kind]
	switch {
	case !ok:
		return "", errors.New("it is not declared")
	case f.Agency == "" || f.Source.Kind == "" || f.Source.ID == "":
		return "", errors.New("it names no agency or no source")
	case kind.Person != (f.Person != ""):
		return "", fmt.Errorf("about a person: %t; declared so: %t", f.Person != "", kind.Person)
	case f.At.IsZero():
		return "", errors.New("it has no time")
	}
	out := make(map[string]string, len(kind.Dimensions))
	for _, d := range kind.Dimensions {
		value, given := f.Dimensions[d.Name]
		if !given {
			return "", fmt.Errorf("%s is missing", d.Name)
		}
		text, err := d.text(value)
		if err != nil {
			return "", err
		}
		out[d.Name] = text
	}
	for name := range f.Dimensions {
		if _, declared := out[name]; !declared {
			return "", fmt.Errorf("%s is not declared", name)
		}
	}
	raw, err := json.Marshal(out)
	return string(raw), err
}
