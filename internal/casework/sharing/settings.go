package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ActConfigure is deciding when somebody is asked about what nobody acknowledges.
const ActConfigure policy.Action = "share.configure"

// Settings are when the people of an agency are asked about what was sent there and
// nobody acknowledges. What was sent keeps the moments it was sent with.
type Settings struct {
	// Minutes after something urgent was sent, by night and at weekends too.
	UrgentRemind  int `json:"urgent_remind"`
	UrgentManager int `json:"urgent_manager"`
	UrgentContact int `json:"urgent_contact"`
	// Working days after anything else was sent, and the hour of that day.
	RemindDays  int `json:"remind_days"`
	ManagerDays int `json:"manager_days"`
	ContactDays int `json:"contact_days"`
	Hour        int `json:"hour"`
}

func settingsOf(t Times) Settings {
	return Settings{
		UrgentRemind: int(t.UrgentRemind.Minutes()), UrgentManager: int(t.UrgentManager.Minutes()), UrgentContact: int(t.UrgentContact.Minutes()),
		RemindDays: t.RemindDays, ManagerDays: t.ManagerDays, ContactDays: t.ContactDays, Hour: t.Hour,
	}
}

// times are the settings as a clock reads them; d gives the zone, and what is not
// set.
func (s Settings) times(d Times) Times {
	return Times{
		UrgentRemind: time.Duration(s.UrgentRemind) * time.Minute, UrgentManager: time.Duration(s.UrgentManager) * time.Minute, UrgentContact: time.Duration(s.UrgentContact) * time.Minute,
		RemindDays: s.RemindDays, ManagerDays: s.ManagerDays, ContactDays: s.ContactDays, Hour: s.Hour, Zone: d.Zone,
	}.or(d)
}

// Number is one of the settings, for a form and for a list.
type Number struct {
	Field       string // its name in a form
	Label       string
	Least, Most int
	Value       *int
}

// Numbers are the settings one by one. What is put into a value is put into s. The
// bounds are choices of this project.
func (s *Settings) Numbers() []Number {
	return []Number{
		{"urgent_remind", "Urgent: the team is reminded after (minutes)", 5, 60, &s.UrgentRemind},
		{"urgent_manager", "Urgent: a manager is asked after (minutes)", 5, 120, &s.UrgentManager},
		{"urgent_contact", "Urgent: the key contact is asked after (minutes)", 5, 240, &s.UrgentContact},
		{"remind_days", "Not urgent: the team is reminded on working day", 1, 3, &s.RemindDays},
		{"manager_days", "Not urgent: a manager is asked on working day", 1, 5, &s.ManagerDays},
		{"contact_days", "Not urgent: the key contact is asked on working day", 1, 10, &s.ContactDays},
		{"hour", "Not urgent: at which hour of that day", 7, 18, &s.Hour},
	}
}

// Check lists what is wrong, by field. Nobody is asked before those who come first.
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
	for _, o := range []struct {
		field         string
		before, after int
	}{
		{"urgent_manager", s.UrgentRemind, s.UrgentManager},
		{"urgent_contact", s.UrgentManager, s.UrgentContact},
		{"manager_days", s.RemindDays, s.ManagerDays},
		{"contact_days", s.ManagerDays, s.ContactDays},
	} {
		if o.after < o.before {
			errs.Add(o.field, "Enter no less than those who are asked before")
		}
	}
	return errs
}

// ParseSettings reads numbers as they were typed. What is no number is out of every
// range, so that [Settings.Check] names it.
func ParseSettings(typed func(field string) string) Settings {
	var s Settings
	for _, n := range s.Numbers() {
		if number, err := strconv.Atoi(strings.TrimSpace(typed(n.Field))); err == nil {
			*n.Value = number
		}
	}
	return s
}

// Words are the settings in one sentence.
func (s Settings) Words() string {
	return fmt.Sprintf("urgent: the team after %d minutes, a manager after %d, the key contact after %d; otherwise on working day %d, %d and %d, at %d o’clock",
		s.UrgentRemind, s.UrgentManager, s.UrgentContact, s.RemindDays, s.ManagerDays, s.ContactDays, s.Hour)
}

// Set is what an agency decided, when and by whom.
type Set struct {
	Settings
	At time.Time
	By string // account
}

// settingsMost bounds how many decisions are read.
const settingsMost = 50

// Starting are the settings of an agency that has set none.
func (s *Service) Starting() Settings { return settingsOf(s.times) }

func settingsResource(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Clocks", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

// Configure decides for what is sent to the actor's agency from now on. It returns
// forms.Errors by the fields of [Settings.Numbers].
func (s *Service) Configure(ctx context.Context, actor policy.Actor, settings Settings) error {
	permit, err := s.guard.Act(ctx, actor, ActConfigure, settingsResource(actor), true)
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
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		err = sharingdb.New(tx).InsertSetting(ctx, sharingdb.InsertSettingParams{AgencyID: actor.Agency, ID: id, Settings: string(text), SetAt: tx.Now(), SetBy: actor.Account})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActConfigure, "")
	})
}

// Decided are the settings that the actor's agency has gone by, the newest first.
// Where there are none it goes by [Service.Starting].
func (s *Service) Decided(ctx context.Context, actor policy.Actor) ([]Set, error) {
	if _, err := s.guard.Act(ctx, actor, ActConfigure, settingsResource(actor), true); err != nil {
		return nil, err
	}
	var out []Set
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.decided(ctx, tx, actor.Agency, settingsMost)
		return err
	})
	return out, err
}

func (s *Service) decided(ctx context.Context, tx *store.Tx, agency string, limit int32) ([]Set, error) {
	rows, err := sharingdb.New(tx).Settings(ctx, sharingdb.SettingsParams{AgencyID: agency, Limit: limit})
	if err != nil {
		return nil, err
	}
	var out []Set
	for _, row := range rows {
		set := Set{Settings: s.Starting(), At: row.SetAt, By: row.SetBy}
		if err := json.Unmarshal([]byte(row.Settings), &set.Settings); err != nil {
			return nil, fmt.Errorf("the settings of sharing: %w", err)
		}
		out = append(out, set)
	}
	return out, nil
}

// timesAt are the times that an agency goes by now.
func (s *Service) timesAt(ctx context.Context, tx *store.Tx, agency string) (Times, error) {
	last, err := s.decided(ctx, tx, agency, 1)
	if err != nil || len(last) == 0 {
		return s.times, err
	}
	return last[0].times(s.times), nil
}
