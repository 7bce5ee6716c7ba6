package pathway

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Late is a case with the steps that are overdue on it.
type Late struct {
	Row   cases.Row
	Steps []LateStep
}

// LateStep is a step that is overdue, with its pathway.
type LateStep struct {
	Pathway string
	Standing
}

// LatePage is what was found on one page of cases. Looked is how many cases were
// looked at; After is the last of them, nil where there are no more.
type LatePage struct {
	Late   []Late
	Looked int
	After  *cases.Row
}

// lateCases is how many cases a page of overdue steps looks at.
const lateCases = 50

// Overdue are the overdue steps of the cases that somebody holds, or of all that
// they may see, one page of cases at a time: the same cases, under the same rules
// and in the same order as the list of cases.
//
// It keeps no table of what is due: that follows from what is recorded, from what
// was said and from the clock, and a table would have to be written again
// whenever a version is published. Instead a page reads 50 cases with four
// statements, whatever their length, so it costs the same with a million cases
// beside them; and it says how many it looked at, because a page may find nothing
// and the next one something. Whoever has a case on that list may open it; no
// words are opened here, and the ledger names the people who are shown.
func (s *Service) Overdue(ctx context.Context, actor policy.Actor, which cases.Which, after *cases.Row) (LatePage, error) {
	var page LatePage
	_, err := s.cases.Sift(ctx, actor, which, after, lateCases+1, func(rows []cases.Row) ([]cases.Row, error) {
		if len(rows) > lateCases {
			rows = rows[:lateCases]
			page.After = &rows[lateCases-1]
		}
		if page.Looked = len(rows); page.Looked == 0 {
			return nil, nil
		}
		err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			page.Late, err = s.late(ctx, tx, actor.Agency, rows)
			return err
		})
		var shown []cases.Row
		for _, l := range page.Late {
			shown = append(shown, l.Row)
		}
		return shown, err
	})
	return page, err
}

// late are those of some cases of an agency on which a step is overdue.
func (s *Service) late(ctx context.Context, tx *store.Tx, agency string, rows []cases.Row) ([]Late, error) {
	files := make([]string, len(rows))
	for i, row := range rows {
		files[i] = string(row.ID)
	}
	versions, err := s.current(ctx, tx)
	if err != nil {
		return nil, err
	}
	facts, err := readRecorded(ctx, tx, agency, files...)
	if err != nil {
		return nil, err
	}
	answers, err := readAnswers(ctx, tx, false, agency, files...)
	if err != nil {
		return nil, err
	}
	var out []Late
	for _, row := range rows {
		r := facts[string(row.ID)]
		one := Late{Row: row}
		for _, c := range s.courses(versions, r, r.side, answers[string(row.ID)], tx.Now()) {
			for _, st := range c.Steps {
				if st.State == Overdue {
					one.Steps = append(one.Steps, LateStep{c.Version.Document.ID, st})
				}
			}
		}
		if len(one.Steps) > 0 {
			out = append(out, one)
		}
	}
	return out, nil
}
