package research

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
	"waymark/internal/registers/people/linkage"
)

// Proposal is somebody in the agency's own files who may be one of those asked
// about.
type Proposal struct {
	Nth     int // which of the people of the line, from 0
	Found   cases.Found
	Score   linkage.Score
	Decided bool // a person has decided
	Same    bool // that it is the same person
}

// Why is what speaks for it and against it, in words.
func (p Proposal) Why() string {
	var out []string
	for _, f := range p.Score.Fields {
		if f.Says != "" && f.Weight != 0 {
			out = append(out, f.Says)
		}
	}
	if p.Score.Apart != "" {
		out = append(out, p.Score.Apart)
	}
	return strings.Join(out, "; ")
}

// Looking is what matching found for some lines.
type Looking struct {
	Of map[AskID][]Proposal // the likeliest first; of people by their place on the line
	// More tells that more were found than were compared: nobody may take that for
	// no match. One line by itself is compared with fewer people.
	More bool
}

// nearMost bounds how many people of the agency's files are compared at once.
const nearMost = 2000

// Look compares the people of some lines with those in the agency's own files that
// the actor may list. One statement reads them, however many lines there are. A
// file that the actor may not list is not compared, and not hinted at.
func (s *Service) Look(ctx context.Context, lines []*Line) (Looking, error) {
	out := Looking{Of: map[AskID][]Proposal{}}
	var who []people.Details
	for _, l := range lines {
		for _, p := range l.Who {
			who = append(who, p.called()...)
		}
	}
	if len(who) == 0 {
		return out, nil
	}
	actor := lines[0].Actor()
	found, more, err := s.cases.Near(ctx, actor, who, nearMost)
	if err != nil {
		return out, err
	}
	out.More = more
	decided := map[AskID][]researchdb.MaracAskMatch{}
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := matchesOf(ctx, tx, actor.Agency, lines)
		for _, m := range list {
			decided[AskID(m.AskID)] = append(decided[AskID(m.AskID)], m)
		}
		return err
	})
	if err != nil {
		return out, err
	}
	for _, l := range lines {
		out.Of[l.ID] = proposals(l, found, decided[l.ID])
	}
	return out, nil
}

// proposals are those among some people who may be somebody of a line. What a person
// decided stays in it.
func proposals(l *Line, found []cases.Found, decided []researchdb.MaracAskMatch) []Proposal {
	var out []Proposal
	for nth, p := range l.Who {
		one := record(p)
		for _, f := range found {
			score := linkage.Compare(one, linkage.Record{Given: f.Details.GivenName, Family: f.Details.FamilyName, KnownAs: f.Details.KnownAs, Born: f.Details.Born})
			i := slices.IndexFunc(decided, func(m researchdb.MaracAskMatch) bool {
				return int(m.Nth) == nth && m.PersonID == string(f.Person) && m.FileID == string(f.ID)
			})
			if i < 0 && score.Band != linkage.Likely && score.Band != linkage.Possible {
				continue
			}
			out = append(out, Proposal{Nth: nth, Found: f, Score: score, Decided: i >= 0, Same: i >= 0 && decided[i].Same})
		}
	}
	slices.SortStableFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Nth, b.Nth), cmp.Compare(b.Score.Weight, a.Score.Weight))
	})
	return out
}

func record(p Party) linkage.Record {
	return linkage.Record{Given: p.Details.GivenName, Family: p.Details.FamilyName, KnownAs: p.Details.KnownAs, Aliases: p.Aliases, Born: p.Details.Born, Gender: p.Details.Gender, Address: p.Address}
}

// matchesOf are what was decided about the people of some lines, in one statement.
func matchesOf(ctx context.Context, tx *store.Tx, agency string, lines []*Line) ([]researchdb.MaracAskMatch, error) {
	if len(lines) == 1 {
		return researchdb.New(tx).Matches(ctx, researchdb.MatchesParams{AgencyID: agency, AskID: string(lines[0].ID)})
	}
	return researchdb.New(tx).MatchesOfMeeting(ctx, researchdb.MatchesOfMeetingParams{AgencyID: agency, MeetingID: string(lines[0].Meeting)})
}

// Decide records that somebody in the agency's own files is one of those asked about,
// or somebody else. The file must be there for whoever decides. It can be undone
// until it is released, and after that only something else be released. Deciding
// that it is the same makes the file the one that the answer comes from.
func (s *Service) Decide(ctx context.Context, l *Line, nth int, file cases.ID, person people.ID, same bool) error {
	if nth < 0 || nth >= len(l.Who) {
		return store.ErrNotFound
	}
	permit, err := s.judge(ctx, l, ActAnswer)
	if err != nil {
		return err
	}
	f, err := s.cases.Open(ctx, l.Actor(), file, cases.Sharing)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.cases.PersonIn(ctx, tx, f, person); err != nil {
			return err
		}
		err := researchdb.New(tx).SetMatch(ctx, researchdb.SetMatchParams{
			AgencyID: l.agency, AskID: string(l.ID), Nth: int64(nth), PersonID: string(person), FileID: string(file), Same: same, DecidedAt: tx.Now(), DecidedBy: l.Actor().Account,
		})
		if err != nil {
			return err
		}
		if same {
			l.File = file
			l.Draft.know(nth, IsKnown)
			if err := s.keep(ctx, tx, l, IsKnown); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActAnswer, matched(same), append(l.subjects(), file.Subject(), person.Subject())...)
	})
}

func matched(same bool) string {
	if same {
		return "same"
	}
	return "other"
}

// Undo takes back what was decided about a proposal. What was written from the file
// meanwhile goes with it, unless another match holds to the same file.
func (s *Service) Undo(ctx context.Context, l *Line, nth int, file cases.ID, person people.ID) error {
	permit, err := s.judge(ctx, l, ActAnswer)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := researchdb.New(tx)
		n, err := q.Undo(ctx, researchdb.UndoParams{AgencyID: l.agency, AskID: string(l.ID), Nth: int64(nth), PersonID: string(person), FileID: string(file)})
		if err != nil {
			return err
		}
		if n == 0 {
			return store.ErrNotFound
		}
		left, err := q.Matches(ctx, researchdb.MatchesParams{AgencyID: l.agency, AskID: string(l.ID)})
		if err != nil {
			return err
		}
		holds := slices.ContainsFunc(left, func(m researchdb.MaracAskMatch) bool { return m.Same && m.FileID == string(file) })
		if l.File == file && !holds {
			l.File = ""
			l.Draft.Entries = nil
			l.Draft.know(nth, "")
			answer := l.Row.Draft
			if answer == IsKnown && !l.Draft.says() {
				answer = ""
			}
			if err := s.keep(ctx, tx, l, answer); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActAnswer, "undone", append(l.subjects(), file.Subject(), person.Subject())...)
	})
}
