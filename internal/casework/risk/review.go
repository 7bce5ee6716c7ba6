package risk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk/riskdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Due is a file whose risk is to be looked at again. It names the file by its
// number and nobody by name.
type Due struct {
	File   cases.ID
	Number int64
	Lead   string
	On     string // YYYY-MM-DD
	Danger Danger
}

// Path is the address of the file's page.
func (d Due) Path() string { return "/cases/" + string(d.File) }

// ahead is how many days a list looks ahead.
const ahead = 14

// setReview keeps when the risk of a file is looked at again.
func (s *Service) setReview(ctx context.Context, tx *store.Tx, f *cases.File, i Identification) error {
	return riskdb.New(tx).SetReview(ctx, riskdb.SetReviewParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), AssessmentID: string(i.ID), DueOn: i.Finding.ReviewOn, Danger: string(i.Danger),
	})
}

// Reviews lists the open files the actor may see whose risk is overdue to be
// looked at again, or will be within two weeks: the longest overdue first,
// those after the given one, at most limit of them.
func (s *Service) Reviews(ctx context.Context, actor policy.Actor, which cases.Which, after Due, limit int) ([]Due, error) {
	m := cases.Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	pieces, permit, err := s.guard.ListPieces(ctx, actor, cases.ActList, m)
	if err != nil {
		return nil, err
	}
	out, err := s.reviews(ctx, actor, pieces, which, after, ahead, limit)
	if err != nil {
		return nil, err
	}
	var shown []audit.Subject
	for _, d := range out {
		shown = append(shown, d.File.Subject())
	}
	return out, permit.Show(ctx, shown...)
}

// Overdue counts the actor's own overdue reviews, up to limit. It shows no
// record of anybody.
func (s *Service) Overdue(ctx context.Context, actor policy.Actor, limit int) (int, error) {
	m := cases.Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	pieces, err := s.guard.Rules().Pieces(actor, cases.ActList, m)
	if err != nil {
		return 0, err
	}
	out, err := s.reviews(ctx, actor, pieces, cases.Mine, Due{}, -1, limit)
	return len(out), err
}

func (s *Service) reviews(ctx context.Context, actor policy.Actor, pieces []policy.Piece, which cases.Which, after Due, days, limit int) ([]Due, error) {
	var out []Due
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		until := tx.Now().AddDate(0, 0, days).Format(time.DateOnly)
		query, args := reviewsQuery(actor, pieces, which, after, until, limit)
		return store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
			var d Due
			err := rows.Scan(&d.File, &d.Number, &d.Lead, &d.On, &d.Danger)
			out = append(out, d)
			return err
		})
	})
	return out, err
}

// reviewsQuery takes the first of each piece of the scope, and of those the
// first. Only files that are due are looked at, however many there are.
func reviewsQuery(actor policy.Actor, pieces []policy.Piece, which cases.Which, after Due, until string, limit int) (string, []any) {
	var first []store.Fragment
	for _, piece := range pieces {
		var w store.Where
		w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.closed_at IS NULL AND r.agency_id = f.agency_id AND r.file_id = f.id AND r.due_on <= $2", Args: []any{actor.Agency, until}})
		w.And(piece.Where)
		if which == cases.Mine {
			w.And(store.Fragment{SQL: "f.lead_id = $1", Args: []any{actor.Account}})
		}
		if after.File != "" {
			w.And(store.Fragment{SQL: "(r.due_on, r.file_id) > ($1, $2)", Args: []any{after.On, string(after.File)}})
		}
		from := store.Fragment{SQL: "risk_review r JOIN file f ON f.agency_id = r.agency_id AND f.id = r.file_id"}
		if piece.IDs.SQL != "" {
			from = store.Join([]store.Fragment{piece.From("file", "f", &w), {SQL: "risk_review r"}}, " CROSS JOIN ")
		}
		where, _ := w.SQL()
		last := w.Arg(limit)
		first = append(first, store.Join([]store.Fragment{
			{SQL: "SELECT * FROM (SELECT f.agency_id, f.id, f.number, f.lead_id, r.due_on, r.danger FROM "},
			from,
			{SQL: " WHERE " + where + " ORDER BY r.due_on, r.file_id LIMIT " + last + fmt.Sprintf(") AS piece%d", len(first)), Args: w.Args()},
		}, ""))
	}
	if len(first) == 0 {
		first = []store.Fragment{{SQL: "SELECT f.agency_id, f.id, f.number, f.lead_id, '' AS due_on, '' AS danger FROM file f WHERE false"}}
	}
	all := store.Join(first, " UNION ")
	query := "SELECT n.id, n.number, n.lead_id, n.due_on, n.danger FROM (" + all.SQL + ") AS n ORDER BY n.due_on, n.id LIMIT " + fmt.Sprintf("$%d", len(all.Args)+1)
	return query, append(all.Args, limit)
}

// Setting is a rule of repeats that an agency goes by from a day on.
type Setting struct {
	Rule  RepeatRule
	From  string // YYYY-MM-DD
	SetAt time.Time
	SetBy string
}

// settingsMost bounds how many settings are listed.
const settingsMost = 50

// SetRepeatRule makes the actor's agency go by a rule from a day on. What was
// recorded keeps the rule of its day.
func (s *Service) SetRepeatRule(ctx context.Context, actor policy.Actor, rule RepeatRule, from string) error {
	r := policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
	permit, err := s.guard.Act(ctx, actor, ActConfigure, r, true)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if rule != AnyAbuse && rule != Crime {
		errs.Add("rule", "Choose the rule that your partnership goes by")
	}
	if _, err := time.Parse(time.DateOnly, from); err != nil {
		errs.Add("from", "Enter the day from which it applies, such as 27 3 2027")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		err = riskdb.New(tx).InsertRepeatRule(ctx, riskdb.InsertRepeatRuleParams{
			AgencyID: actor.Agency, ID: id, Rule: string(rule), AppliesFrom: from, SetAt: tx.Now(), SetBy: actor.Account,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActConfigure, string(rule))
	})
}

// Settings are the rules that an agency has gone by, the newest first. Where it
// has set none, it goes by the current version.
func (s *Service) Settings(ctx context.Context, actor policy.Actor) ([]Setting, error) {
	r := policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
	if _, err := s.guard.Act(ctx, actor, ActConfigure, r, true); err != nil {
		return nil, err
	}
	var out []Setting
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := riskdb.New(tx).RepeatRules(ctx, riskdb.RepeatRulesParams{AgencyID: actor.Agency, Limit: settingsMost})
		for _, row := range rows {
			out = append(out, Setting{RepeatRule(row.Rule), row.AppliesFrom, row.SetAt, row.SetBy})
		}
		return err
	})
	return out, err
}

// ruleOn is the rule that an agency goes by on a day.
func (s *Service) ruleOn(ctx context.Context, tx *store.Tx, agency, day string) (RepeatRule, error) {
	rule, err := riskdb.New(tx).RepeatRuleOn(ctx, riskdb.RepeatRuleOnParams{AgencyID: agency, AppliesFrom: day})
	if errors.Is(err, sql.ErrNoRows) {
		return AnyAbuse, nil
	}
	return RepeatRule(rule), err
}

// RuleToday is the rule that the agency of a file goes by today.
func (s *Service) RuleToday(ctx context.Context, tx *store.Tx, f *cases.File) (RepeatRule, error) {
	return s.ruleOn(ctx, tx, f.Agency(), tx.Now().Format(time.DateOnly))
}
