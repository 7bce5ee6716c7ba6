package support

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Settings are what an agency decides about support. The clock of a case keeps
// those of the moment at which it began.
type Settings struct {
	// SelfTarget and AgencyTarget are within how many hours a person is reached
	// who came themselves, or whom an agency referred. Hours of Saturdays and
	// Sundays are not counted; bank holidays are not known.
	SelfTarget   int `json:"self_target"`
	AgencyTarget int `json:"agency_target"`
	// ReviewAfter is after how many attempts without reaching the person the
	// risk is looked at.
	ReviewAfter int `json:"review_after"`
	// ReassessWeeks is the interval proposed for looking at risk again while
	// somebody is treated for their mental health.
	ReassessWeeks int `json:"reassess_weeks"`
	// High, Unknown and Other are what a case counts for in a caseload: at high
	// risk, at a risk that is not known, and otherwise.
	High    int `json:"high"`
	Unknown int `json:"unknown"`
	Other   int `json:"other"`
}

// Starting are the settings of an agency that has set none. Twenty-four and 48
// hours are what one service publishes as its own targets (domain.md, section 7);
// the other numbers are this project's, to begin with.
func Starting() Settings {
	return Settings{SelfTarget: 24, AgencyTarget: 48, ReviewAfter: 3, ReassessWeeks: 4, High: 3, Unknown: 2, Other: 1}
}

// Number is one of the settings, for a form and for a list.
type Number struct {
	Field       string // its name in a form
	Label, Hint string
	Unit        string // empty for a weight
	Least, Most int
	Value       *int
}

// Numbers are the settings one by one. What is put into a value is put into s.
func (s *Settings) Numbers() []Number {
	return []Number{
		{"self_target", "First contact with somebody who came themselves, within", "Hours of Saturdays and Sundays are not counted.", "hours", 1, 240, &s.SelfTarget},
		{"agency_target", "First contact with somebody whom an agency referred, within", "Hours of Saturdays and Sundays are not counted.", "hours", 1, 240, &s.AgencyTarget},
		{"review_after", "Look at the risk again when the person was not reached in", "The case stays open.", "attempts", 1, 20, &s.ReviewAfter},
		{"reassess_weeks", "Look at the risk again during treatment for mental health, every", "It is proposed, and can be changed for each need.", "weeks", 1, 52, &s.ReassessWeeks},
		{"high", "In a caseload, a case at high risk counts for", "", "", 1, 20, &s.High},
		{"unknown", "In a caseload, a case whose risk is not known counts for", "No less than another case: what is not known is not low.", "", 1, 20, &s.Unknown},
		{"other", "In a caseload, another case counts for", "", "", 1, 20, &s.Other},
	}
}

// Check lists what is wrong, by field.
func (s Settings) Check() forms.Errors {
	var errs forms.Errors
	for _, n := range s.Numbers() {
		if *n.Value < n.Least || *n.Value > n.Most {
			errs.Add(n.Field, fmt.Sprintf("Enter a whole number from %d to %d", n.Least, n.Most))
		}
	}
	if errs.Any() {
		return errs
	}
	if s.High < s.Unknown {
		errs.Add("high", "Enter at least what a case counts for whose risk is not known")
	}
	if s.Unknown < s.Other {
		errs.Add("unknown", "Enter at least what another case counts for")
	}
	return errs
}

// ParseSettings reads numbers as they were typed. What is no number is out of
// every range, so that [Settings.Check] names it.
func ParseSettings(typed func(field string) string) Settings {
	var s Settings
	for _, n := range s.Numbers() {
		number, err := strconv.Atoi(strings.TrimSpace(typed(n.Field)))
		if err != nil {
			number = 0
		}
		*n.Value = number
	}
	return s
}

// Set is what an agency decided, when and by whom.
type Set struct {
	Settings
	At time.Time
	By string // account
}

// settingsMost bounds how many decisions are read.
const settingsMost = 50

// Configure decides for the actor's agency from now on. Clocks that run already
// keep the targets that they began with.
func (s *Service) Configure(ctx context.Context, actor policy.Actor, settings Settings) error {
	permit, err := s.guard.Act(ctx, actor, ActConfigure, ownCaseload(actor), true)
	if err != nil {
		return err
	}
	if errs := settings.Check(); errs.Any() {
		return errs
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		err = supportdb.New(tx).InsertSetting(ctx, supportdb.InsertSettingParams{AgencyID: actor.Agency, ID: id, Settings: string(text), SetAt: tx.Now(), SetBy: actor.Account})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActConfigure, "")
	})
}

// Decided are the settings that the actor's agency has gone by, the newest
// first. Where there are none it goes by [Starting].
func (s *Service) Decided(ctx context.Context, actor policy.Actor) ([]Set, error) {
	if _, err := s.guard.Act(ctx, actor, ActConfigure, ownCaseload(actor), true); err != nil {
		return nil, err
	}
	var out []Set
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := supportdb.New(tx).Settings(ctx, supportdb.SettingsParams{AgencyID: actor.Agency, Limit: settingsMost})
		if err != nil {
			return err
		}
		for _, row := range rows {
			settings, err := settingsIn(row.Settings)
			if err != nil {
				return err
			}
			out = append(out, Set{settings, row.SetAt, row.SetBy})
		}
		return nil
	})
	return out, err
}

// ReassessWeeks is the interval that the agency of a file proposes for looking
// at risk again.
func (s *Service) ReassessWeeks(ctx context.Context, tx *store.Tx, f *cases.File) (int, error) {
	settings, err := s.now(ctx, tx, f.Agency())
	return settings.ReassessWeeks, err
}

// now are the settings that an agency goes by now.
func (s *Service) now(ctx context.Context, tx *store.Tx, agency string) (Settings, error) {
	rows, err := supportdb.New(tx).Settings(ctx, supportdb.SettingsParams{AgencyID: agency, Limit: 1})
	if err != nil || len(rows) == 0 {
		return Starting(), err
	}
	return settingsIn(rows[0].Settings)
}

// settingsIn reads a row; an agency that has set nothing has none. What a row of
// an earlier version does not have is as it is to begin with.
func settingsIn(text string) (Settings, error) {
	s := Starting()
	if text == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("the settings of support: %w", err)
	}
	return s, nil
}

func ownCaseload(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}
