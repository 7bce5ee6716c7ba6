package marac

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/casework/repeats"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Rule is by what a MARAC judges what is referred to it, since a day.
type Rule struct {
	Since     string       // YYYY-MM-DD
	Repeat    repeats.Rule // what a repeat is
	Threshold int          // answers of yes that make visible high risk
	Incidents int          // so many
	Months    int          // in so many months make potential escalation
}

// Published is the rule by the published criteria: 14 answers of yes, three
// incidents in twelve months, any further abuse (domain.md, sections 4.2, 4.3).
func Published(since string) Rule {
	return Rule{Since: since, Repeat: repeats.AnyAbuse, Threshold: 14, Incidents: 3, Months: 12}
}

// Norms are what a MARAC begins with: 15 minutes a case (domain.md, section 5.7). The
// days are a choice of this project, for its coordinators to change: the list
// closes eight days before the meeting, the pack goes out seven days before it and
// closes seven days after it.
func Norms(agency, team string) Marac {
	return Marac{Agency: agency, Team: team, Minutes: 15, ReferDays: 8, CirculateDays: 7, CloseDays: 7}
}

func resource(agency string) policy.Resource {
	return policy.Resource{Type: "Marac", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}

// Subject is the MARAC in a ledger entry: the agency that it is.
func Subject(agency string) audit.Subject { return audit.Subject{Kind: "marac", ID: agency} }

// Check says what cannot be in what a MARAC goes by.
func (m Marac) Check() forms.Errors {
	var errs forms.Errors
	for _, n := range []struct {
		field       string
		is, lo, hi  int
		what, units string
	}{
		{"minutes", m.Minutes, 1, 120, "Minutes for each case", "minutes"},
		{"refer_days", m.ReferDays, 0, 60, "When the list closes", "days"},
		{"circulate_days", m.CirculateDays, 0, 60, "When the pack is circulated", "days"},
		{"close_days", m.CloseDays, 0, 90, "When the pack closes", "days"},
		{"women", m.Women, 0, 10_000_000, "Women of 16 and over", "women"},
	} {
		if n.is < n.lo || n.is > n.hi {
			errs.Add(n.field, fmt.Sprintf("%s must be between %d and %d %s", n.what, n.lo, n.hi, n.units))
		}
	}
	return errs
}

// Check says what cannot be in a rule.
func (r Rule) Check() forms.Errors {
	var errs forms.Errors
	if _, err := time.Parse(time.DateOnly, r.Since); err != nil {
		errs.Add("since", "Enter the day from which it holds, such as 27 3 2027")
	}
	if r.Repeat != repeats.AnyAbuse && r.Repeat != repeats.Crime {
		errs.Add("repeat_rule", "Select which version of the rule on repeats the MARAC goes by")
	}
	if r.Threshold < 1 || r.Threshold > 40 {
		errs.Add("threshold", "Answers of yes that make visible high risk must be between 1 and 40")
	}
	if r.Incidents < 1 || r.Incidents > 50 {
		errs.Add("incidents", "Incidents must be between 1 and 50")
	}
	if r.Months < 1 || r.Months > 36 {
		errs.Add("months", "Months must be between 1 and 36")
	}
	return errs
}

// SetUp makes an agency a MARAC, whose team takes what is referred to it. Only the
// operator does. It returns [forms.Errors], [store.ErrNotFound] when there is no
// such agency or team, and [store.ErrExists] when it is one already.
func (s *Service) SetUp(ctx context.Context, actor policy.Actor, m Marac, r Rule) error {
	permit, err := s.guard.Act(ctx, actor, ActSetUp, resource(m.Agency), true, Subject(m.Agency))
	if err != nil {
		return err
	}
	errs := m.Check()
	errs = append(errs, r.Check()...)
	if err := errs.Err(); err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := directory.AgencyIn(ctx, tx, directory.AgencyID(m.Agency)); err != nil {
			return err
		}
		if _, err := directory.TeamIn(ctx, tx, directory.AgencyID(m.Agency), directory.TeamID(m.Team)); err != nil {
			return err
		}
		q := maracdb.New(tx)
		err := q.InsertMarac(ctx, maracdb.InsertMaracParams{
			AgencyID: m.Agency, TeamID: m.Team, Minutes: int64(m.Minutes), ReferDays: int64(m.ReferDays), CirculateDays: int64(m.CirculateDays), CloseDays: int64(m.CloseDays),
			Women: int64(m.Women), RecordedAt: tx.Now(), RecordedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		if err := s.insertRule(ctx, tx, m.Agency, actor.Account, r); err != nil {
			return err
		}
		return permit.Append(tx, ActSetUp, "", Subject(m.Agency))
	})
}

func (s *Service) insertRule(ctx context.Context, tx *store.Tx, agency, by string, r Rule) error {
	return maracdb.New(tx).InsertRule(ctx, maracdb.InsertRuleParams{
		AgencyID: agency, SinceOn: r.Since, RepeatRule: string(r.Repeat), Threshold: int64(r.Threshold), Incidents: int64(r.Incidents), Months: int64(r.Months),
		RecordedAt: tx.Now(), RecordedBy: by,
	})
}

func asRule(r maracdb.MaracRule) Rule {
	return Rule{Since: r.SinceOn, Repeat: repeats.Rule(r.RepeatRule), Threshold: int(r.Threshold), Incidents: int(r.Incidents), Months: int(r.Months)}
}

func asMarac(r maracdb.Marac) Marac {
	return Marac{
		Agency: r.AgencyID, Team: r.TeamID, Minutes: int(r.Minutes), ReferDays: int(r.ReferDays), CirculateDays: int(r.CirculateDays), CloseDays: int(r.CloseDays),
		Women: int(r.Women), Version: r.Version,
	}
}

// RuleOnTx is the rule of a MARAC on a day. Which rules hold is no secret. It returns
// [store.ErrNotFound] when none held yet.
func (s *Service) RuleOnTx(ctx context.Context, tx *store.Tx, agency, day string) (Rule, error) {
	row, err := maracdb.New(tx).RuleOn(ctx, maracdb.RuleOnParams{AgencyID: agency, SinceOn: day})
	if err != nil {
		return Rule{}, missing(err)
	}
	return asRule(row), nil
}

// MaracTx is what a MARAC goes by, which is no secret. It returns
// [store.ErrNotFound] when the agency is none.
func (s *Service) MaracTx(ctx context.Context, tx *store.Tx, agency string) (Marac, error) {
	row, err := maracdb.New(tx).MaracByAgency(ctx, agency)
	if err != nil {
		return Marac{}, missing(err)
	}
	return asMarac(row), nil
}

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// Settings are all that a MARAC goes by.
type Settings struct {
	Marac Marac
	Rules []Rule // the newest first
	Areas []Area
	Today string
}

// InForce is the rule that holds today.
func (s Settings) InForce() Rule {
	for _, r := range s.Rules {
		if r.Since <= s.Today {
			return r
		}
	}
	return Rule{}
}

// Area is where people live who belong to a MARAC.
type Area struct {
	Kind AreaKind
	Code string // as in postcodes and in the register of authorities, in capitals
	Name string
}

// Settings reads them, for coordinators.
func (s *Service) Settings(ctx context.Context, actor policy.Actor, agency string) (out Settings, err error) {
	if _, err := s.guard.Open(ctx, actor, ActKeep, resource(agency), "", agency == actor.Agency, Subject(agency)); err != nil {
		return out, err
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out.Today = s.today(tx)
		if out.Marac, err = s.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		rules, err := maracdb.New(tx).Rules(ctx, agency)
		if err != nil {
			return err
		}
		for _, r := range rules {
			out.Rules = append(out.Rules, asRule(r))
		}
		out.Areas, err = s.AreasTx(ctx, tx, agency)
		return err
	})
	return out, err
}

// AreasTx are the areas of a MARAC, which are no secret.
func (s *Service) AreasTx(ctx context.Context, tx *store.Tx, agency string) ([]Area, error) {
	rows, err := maracdb.New(tx).Areas(ctx, agency)
	out := make([]Area, len(rows))
	for i, r := range rows {
		out[i] = Area{Kind: AreaKind(r.Kind), Code: r.Code, Name: r.Name}
	}
	return out, err
}

// keep judges keeping a MARAC, and runs a change with its ledger entry.
func (s *Service) keep(ctx context.Context, actor policy.Actor, agency, reason string, fn func(context.Context, *store.Tx) error, subjects ...audit.Subject) error {
	subjects = append([]audit.Subject{Subject(agency)}, subjects...)
	permit, err := s.guard.Act(ctx, actor, ActKeep, resource(agency), agency == actor.Agency, subjects...)
	if err != nil {
		return err
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return permit.Append(tx, ActKeep, reason, subjects...)
	})
}

// Set changes what a MARAC goes by. Meetings that are planned keep their days.
func (s *Service) Set(ctx context.Context, actor policy.Actor, m Marac) error {
	return s.keep(ctx, actor, m.Agency, "settings", func(ctx context.Context, tx *store.Tx) error {
		if err := m.Check().Err(); err != nil {
			return err
		}
		return store.Changed(maracdb.New(tx).SetMarac(ctx, maracdb.SetMaracParams{
			AgencyID: m.Agency, Minutes: int64(m.Minutes), ReferDays: int64(m.ReferDays), CirculateDays: int64(m.CirculateDays), CloseDays: int64(m.CloseDays),
			Women: int64(m.Women), RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: m.Version,
		}))
	})
}

// SetRule makes a MARAC go by other rules from a day on, today or later: what was
// judged before stays as it was judged.
func (s *Service) SetRule(ctx context.Context, actor policy.Actor, agency string, r Rule) error {
	return s.keep(ctx, actor, agency, "rule", func(ctx context.Context, tx *store.Tx) error {
		errs := r.Check()
		if r.Since < s.today(tx) {
			errs.Add("since", "Enter today or a later day: what was judged before stays as it was")
		}
		if err := errs.Err(); err != nil {
			return err
		}
		err := s.insertRule(ctx, tx, agency, actor.Account, r)
		if errors.Is(err, store.ErrExists) {
			return forms.Errors{{Field: "since", Message: "Another rule holds from that day on. Enter another day"}}
		}
		return err
	})
}

// AddArea says that people who live somewhere belong to a MARAC.
func (s *Service) AddArea(ctx context.Context, actor policy.Actor, agency string, a Area) error {
	return s.keep(ctx, actor, agency, "area", func(ctx context.Context, tx *store.Tx) error {
		a.Code, a.Name = strings.ToUpper(strings.Join(strings.Fields(a.Code), "")), strings.TrimSpace(a.Name)
		var errs forms.Errors
		if !slices.Contains(AreaKinds(), a.Kind) {
			errs.Add("kind", "Select whether it is an authority or a postcode district")
		}
		if a.Kind == ByPostcode && !district.MatchString(a.Code) {
			errs.Add("code", "Enter the first half of a postcode, such as EX31")
		} else if a.Code == "" || len(a.Code) > 20 {
			errs.Add("code", "Enter its code, in up to 20 characters")
		}
		if a.Name == "" || len(a.Name) > 100 {
			errs.Add("name", "Enter its name, in up to 100 characters")
		}
		if err := errs.Err(); err != nil {
			return err
		}
		err := maracdb.New(tx).InsertArea(ctx, maracdb.InsertAreaParams{AgencyID: agency, Kind: string(a.Kind), Code: a.Code, Name: a.Name})
		if errors.Is(err, store.ErrExists) {
			return forms.Errors{{Field: "code", Message: "It belongs to the MARAC already"}}
		}
		return err
	})
}

// district is the first half of a postcode.
var district = regexp.MustCompile(`^[A-Z]{1,2}[0-9][0-9A-Z]?$`)

// RemoveArea takes an area away.
func (s *Service) RemoveArea(ctx context.Context, actor policy.Actor, agency string, kind AreaKind, code string) error {
	return s.keep(ctx, actor, agency, "area", func(ctx context.Context, tx *store.Tx) error {
		return store.Changed(maracdb.New(tx).DeleteArea(ctx, maracdb.DeleteAreaParams{AgencyID: agency, Kind: string(kind), Code: code}))
	})
}
