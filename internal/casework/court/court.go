package court

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Kind is a kind of order.
type Kind struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// ParseKinds reads the list of kinds.
func ParseKinds(data []byte) ([]Kind, error) {
	var list struct {
		Orders []Kind `json:"orders"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("the kinds of order: %w", err)
	}
	seen := map[string]bool{}
	for _, k := range list.Orders {
		if k.Code == "" || k.Label == "" || seen[k.Code] {
			return nil, fmt.Errorf("the kinds of order: %q has no code of its own, or no label", k.Code+k.Label)
		}
		seen[k.Code] = true
	}
	if len(list.Orders) == 0 {
		return nil, errors.New("the kinds of order: there is none")
	}
	return list.Orders, nil
}

// Config is what a deployment decides about dates in court. The defaults are
// this project's.
type Config struct {
	// Zone is where days are counted; nil means UTC.
	Zone *time.Location
	// HearingDays is how many days before a hearing it is prepared; 0 means 3.
	HearingDays int
	// OrderDays is how many days before its end an order is looked at; 0 means 28.
	OrderDays int
}

// Service keeps dates in court and orders.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	kinds []Kind
	cfg   Config
}

// New makes the service with the kinds of order that can be recorded.
func New(files *cases.Service, guard *audit.Guard, kinds []Kind, cfg Config) *Service {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.HearingDays <= 0 {
		cfg.HearingDays = 3
	}
	if cfg.OrderDays <= 0 {
		cfg.OrderDays = 28
	}
	return &Service{cases: files, guard: guard, kinds: slices.Clone(kinds), cfg: cfg}
}

// Kinds are the kinds of order that can be recorded.
func (s *Service) Kinds() []Kind { return slices.Clone(s.kinds) }

// KindLabel is a kind in words for people.
func (s *Service) KindLabel(code string) string {
	for _, k := range s.kinds {
		if k.Code == code {
			return k.Label
		}
	}
	return code
}

// Today is the day in the place.
func (s *Service) Today() string {
	return store.Moment(s.cases.DB().Clock()()).In(s.cfg.Zone).Format(time.DateOnly)
}

func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.cfg.Zone).Format(time.DateOnly) }

// Bounds of what pages read at once, and of what is typed.
const (
	listMost = 200
	textMax  = 4000
	lineMax  = 300
)

// show names the person in the ledger entry of the page before anything of
// theirs is read.
func show(ctx context.Context, f *cases.File) error {
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

func place(agency, table, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: "words", Row: id}
}

// seal puts what was typed under the key of the agency.
func seal(ctx context.Context, tx *store.Tx, f *cases.File, table, id string, words any) ([]byte, error) {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f.Agency(), table, id), words)
	return sealed.Bytes(), err
}

func unseal(ctx context.Context, tx *store.Tx, agency, table, id string, sealed []byte, words any) error {
	return tx.Vault().OpenJSON(ctx, tx, place(agency, table, id), sealed, words)
}

// remind puts a task for whoever holds the case some days before a day, today
// at the earliest; none when the day has passed or is not known. The one that
// waited for the same is cleared.
func (s *Service) remind(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.TaskKind, was, on string, days int) (string, error) {
	if err := s.forget(ctx, tx, f, was, "another day was recorded"); err != nil {
		return "", err
	}
	day, err := time.Parse(time.DateOnly, on)
	if err != nil || on < s.today(tx) {
		return "", nil //nolint:nilerr // no day, no reminder
	}
	due := max(day.AddDate(0, 0, -days).Format(time.DateOnly), s.today(tx))
	id, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: kind, Due: due})
	return string(id), err
}

// forget clears a task that waits no longer.
func (s *Service) forget(ctx context.Context, tx *store.Tx, f *cases.File, task, why string) error {
	if task == "" {
		return nil
	}
	err := s.cases.Finished(ctx, tx, f, cases.TaskID(task), why)
	if errors.Is(err, store.ErrConflict) {
		return nil // somebody has cleared it
	}
	return err
}

// record writes into the chronology what happened, or will, on a day.
func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, on, ref string, parts ...string) error {
	if on == "" {
		on = s.today(tx)
	}
	text := ""
	for _, p := range parts {
		if p == "" {
			continue
		}
		if text != "" {
			text += ". "
		}
		text += p
	}
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: on, Text: text, Ref: ref})
	return err
}

// tooLong adds an error for each text that is.
func tooLong(errs *forms.Errors, most int, texts map[string]string) {
	for field, text := range texts {
		if len(text) > most {
			errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", most))
		}
	}
}

func validDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
