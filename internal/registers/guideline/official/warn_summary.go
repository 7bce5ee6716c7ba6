package official

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// The summary table and the detail say the same thing twice, and do not always agree. Groups of
// actors are told by the words that head them. A row is compared with the detail in both
// directions: a number in the row whose detail names nobody of the group, and a detail that
// heads an actor with the group's own word although the row lacks its number.

// actorGroup is a kind of actor: the words of a row that stand for it, the words in a detail
// that may mean it (generous, for what the row claims), and those that can mean nothing else
// (strict, for what the row leaves out).
type actorGroup struct {
	row           *regexp.Regexp
	named, headed *regexp.Regexp
	unless        *regexp.Regexp // an actor qualified by this is of another kind
}

func group(row, named, headed string) actorGroup {
	re := func(s string) *regexp.Regexp { return regexp.MustCompile(`(?i)\b(` + s + `)\b`) }
	return actorGroup{row: re(row), named: re(named), headed: re(headed)}
}

// heads says whether the actor is of the group by the word that heads it.
func (g actorGroup) heads(a namedActor) bool {
	return g.headed.MatchString(a.head) && (g.unless == nil || !g.unless.MatchString(a.whole))
}

var actorGroups = []actorGroup{
	group(`commissioners?`, `commissioners?|commissioning groups?`, `commissioners?|commissioning groups?`),
	group(`heads?|managers?`, `heads?|managers?`, `heads?|managers?`),
	providers(),
	group(`staff|workers|professionals$`, `staff|professionals?|practitioners?|workers?`, `staff|practitioners|professionals`),
	group(`safeguarding`, `safeguarding`, `safeguarding`),
	group(`strategic partnerships?|wellbeing boards?`,
		`strategic partner(ship)?s?|wellbeing boards?|local authorit(y|ies)|health services`,
		`strategic partner(ship)?s?|wellbeing boards?|local authorities`),
	group(`training`, `training|royal colleges?|universit(y|ies)`, `royal colleges?|universit(y|ies)`),
}

// providers of training are not providers of services.
func providers() actorGroup {
	g := group(`providers?`, `providers?|services|practices|GPs?`, `providers?`)
	g.unless = regexp.MustCompile(`(?i)\btraining\b`)
	return g
}

var (
	// What follows these words qualifies an actor and names none.
	reQualifies = regexp.MustCompile(`(?i)\s(of|for|in|on|who|where|with|responsible|working|involved|including|such as)\s.*$`)
	reBracketed = regexp.MustCompile(`\s*\([^()]*\)`)
	// A body is named as such, and is looked for whole.
	reProperName = regexp.MustCompile(`^[A-Z][A-Za-z]*( [A-Z][A-Za-z]*)+$`)
)

func compareSummary(v *Version) {
	for _, row := range v.Actors {
		named, headed := row.readers()
		if named == nil {
			named = wordsOf(row.Name) // a kind of actor not known here: any word in common will do
		}
		for _, n := range row.Recommendations {
			switch rec := v.Recommendation(n); {
			case rec == nil:
				v.warnCompared(WarnActors, row.Lines, "the summary gives %q recommendation %d, which the detail does not have", clip(row.Name), n)
			case !named(rec.Text):
				v.warnCompared(WarnActors, rec.Lines, "the summary gives %q recommendation %d; its detail names none of them", clip(row.Name), n)
			}
		}
		for _, rec := range v.Recommendations {
			if headed != nil && !slices.Contains(row.Recommendations, rec.Number) && slices.ContainsFunc(heads(rec), headed) {
				v.warnCompared(WarnActors, rec.Lines, "the detail of recommendation %d names actors of the kind %q; the summary does not give them that recommendation", rec.Number, clip(row.Name))
			}
		}
	}
	onlyInDetail(v)
	for _, rec := range v.Recommendations {
		if len(v.Actors) > 0 && !slices.ContainsFunc(v.Actors, func(r ActorRow) bool { return slices.Contains(r.Recommendations, rec.Number) }) {
			v.warnCompared(WarnActors, rec.Lines, "the summary gives recommendation %d to nobody", rec.Number)
		}
	}
}

// onlyInDetail lists the actors that the detail names in words no row of the summary has, each
// with its recommendations: a reader who looks for them in the summary does not find them.
func onlyInDetail(v *Version) {
	if len(v.Actors) == 0 {
		return
	}
	rows := map[string]bool{}
	for _, row := range v.Actors {
		for w := range contentStems(row.Name) {
			rows[w] = true
		}
	}
	var found []string
	seen := map[string]bool{}
	for _, rec := range v.Recommendations {
		for _, actor := range heads(rec) {
			key := wording.Key(actor.head)
			if actor.listed || seen[key] || key == "" || len(missingWords(actor.head, rows)) == 0 {
				continue
			}
			seen[key] = true
			var numbers []string
			for _, other := range v.Recommendations {
				if strings.Contains(" "+wording.Key(other.Text)+" ", " "+key+" ") {
					numbers = append(numbers, strconv.Itoa(other.Number))
				}
			}
			found = append(found, fmt.Sprintf("%s (%s)", actor.head, strings.Join(numbers, ", ")))
		}
	}
	if len(found) > 0 {
		v.warnCompared(WarnActors, v.Actors[0].Lines, "the detail names actors in words that the summary does not have: %s", strings.Join(found, "; "))
	}
}

// readers returns what tells whether a detail names a row's actors, and whether an actor is one.
func (row ActorRow) readers() (named func(string) bool, headed func(namedActor) bool) {
	if reProperName.MatchString(row.Name) {
		key := " " + wording.Key(row.Name) + " "
		whole := func(s string) bool { return strings.Contains(" "+wording.Key(s)+" ", key) }
		return whole, func(a namedActor) bool { return whole(a.head) }
	}
	var groups []actorGroup
	for _, g := range actorGroups {
		if g.row.MatchString(row.Name) {
			groups = append(groups, g)
		}
	}
	// "Heads and managers of health and social care services" are managers, not services: the
	// words before the first qualification decide, if they do.
	if head := reQualifies.ReplaceAllString(row.Name, ""); head != row.Name {
		if g := slices.DeleteFunc(slices.Clone(groups), func(g actorGroup) bool { return !g.row.MatchString(head) }); len(g) > 0 {
			groups = g
		}
	}
	if len(groups) == 0 {
		return nil, nil
	}
	return func(s string) bool {
			return slices.ContainsFunc(groups, func(g actorGroup) bool { return g.named.MatchString(s) })
		}, func(a namedActor) bool {
			return slices.ContainsFunc(groups, func(g actorGroup) bool { return g.heads(a) })
		}
}

func wordsOf(name string) func(string) bool {
	want := contentStems(name)
	return func(s string) bool {
		for w := range contentStems(s) {
			if want[w] {
				return true
			}
		}
		return false
	}
}

// namedActor is an actor of a detail: the words that name it and all that is said of it.
type namedActor struct {
	head, whole string
	listed      bool // one of several in a row of commas, perhaps not a name by itself
}

func heads(rec Recommendation) []namedActor {
	var out []namedActor
	for _, whole := range rec.Actors {
		part := whole
		if at := reExplains.FindStringIndex(part); at != nil {
			part = part[:at[0]]
		}
		part = reQualifies.ReplaceAllString(reBracketed.ReplaceAllString(part, ""), "")
		several := strings.Split(part, ", ")
		for _, head := range several {
			out = append(out, namedActor{strings.TrimSpace(head), whole, len(several) > 1})
		}
	}
	return out
}
