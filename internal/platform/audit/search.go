package audit

import (
	"context"
	"strings"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Search selects entries of one agency's workers, the newest first.
type Search struct {
	Agency   string
	Actor    string          // empty: whoever it was
	About    []Subject       // entries that name one of them; empty: whatever they name
	Refused  bool            // refusals alone
	Answered bool            // no refusals
	Without  []policy.Action // entries of other actions alone
	NotActor string          // leaves out what this actor did under NotUnder
	NotUnder policy.Action
	From     int64 // the first entry there may be
	Before   int64 // entries before this one; 0: from the end
	Limit    int
}

// Find returns the entries that a search selects. What it reads does not grow
// with the ledger: each branch walks an index from its end.
func (l *Log) Find(ctx context.Context, s Search) ([]Entry, error) {
	var w store.Where
	if len(s.About) == 0 {
		where := s.conditions(&w, "e")
		query := `SELECT e.seq, e.body FROM ledger_entry e WHERE ` + where + ` ORDER BY e.seq DESC LIMIT ` + w.Arg(s.Limit)
		return l.entries(ctx, query, w.Args()...)
	}
	var branches []string
	for _, about := range s.About {
		branches = append(branches, `SELECT seq FROM (SELECT s.seq FROM ledger_subject s JOIN ledger_entry e ON e.seq = s.seq
			WHERE s.kind = `+w.Arg(about.Kind)+` AND s.id = `+w.Arg(about.ID)+` AND `+s.conditions(&w, "s")+`
			ORDER BY s.seq DESC LIMIT `+w.Arg(s.Limit)+`) b`)
	}
	query := `SELECT seq, body FROM ledger_entry WHERE seq IN (` + strings.Join(branches, " UNION ") + `) ORDER BY seq DESC LIMIT ` + w.Arg(s.Limit)
	return l.entries(ctx, query, w.Args()...)
}

// conditions are those of the entry; the number is compared in the table that
// is walked.
func (s Search) conditions(w *store.Where, walked string) string {
	before := s.Before
	if before <= 0 {
		before = 1 << 62
	}
	parts := []string{"e.agency = " + w.Arg(s.Agency)}
	if s.Actor != "" {
		parts = append(parts, "e.actor = "+w.Arg(s.Actor))
	}
	if s.Refused {
		// Written out, so that the index of refusals serves.
		parts = append(parts, "e.outcome = 'refused'")
	}
	if s.Answered {
		parts = append(parts, "e.outcome <> 'refused'")
	}
	for _, a := range s.Without {
		parts = append(parts, "e.action <> "+w.Arg(string(a)))
	}
	if s.NotActor != "" {
		parts = append(parts, "(e.actor <> "+w.Arg(s.NotActor)+" OR e.action <> "+w.Arg(string(s.NotUnder))+")")
	}
	if s.From > 0 {
		parts = append(parts, walked+".seq >= "+w.Arg(s.From))
	}
	return strings.Join(append(parts, walked+".seq < "+w.Arg(before)), " AND ")
}
