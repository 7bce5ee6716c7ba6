package official

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// The documents do not print which box states which recommendation. Both name who should act,
// and the names agree almost word for word, so each section of a box (or the glossary entry that
// its audience sentence sends the reader to) is compared with the detail of each recommendation.
// A word that few recommendations use weighs more than one that all use. Pairs are taken from
// the best down, each section and each recommendation once; what is then left over joins the
// section that it clearly belongs to, or is reported.

const (
	leastLikeness   = 0.25 // below it two lists of actors are not the same
	clearlyLikeness = 0.60 // from it a section may state a further recommendation
)

// Attach returns the version with the list of who should act in place of any it had, its boxes
// and recommendations linked and the warnings that come from comparing them made anew. With nil
// it returns the version compared with whatever list it has. The argument is not changed.
func Attach(v *Version, r *Recommendations) *Version {
	out := v.detached()
	if r != nil {
		drop := func(file string) bool {
			return out.hasFile(RecommendationsFile, file) && !out.hasFile(PathwayFile, file)
		}
		out.Furniture = slices.DeleteFunc(out.Furniture, func(f Furniture) bool { return drop(f.File) })
		out.Warnings = slices.DeleteFunc(out.Warnings, func(w Warning) bool { return drop(w.File) })
		out.Files = slices.DeleteFunc(out.Files, func(f SourceFile) bool { return f.Kind == RecommendationsFile })
		out.Files = append(out.Files, r.File)
		out.Recommendations = slices.Clone(r.List)
		out.Actors = slices.Clone(r.Actors)
		out.Scope = slices.Clone(r.Scope)
		out.Furniture = append(out.Furniture, r.Furniture...)
		out.Warnings = append(out.Warnings, r.Warnings...)
	}
	if out.HasRecommendations() {
		linkActors(out)
		compareSummary(out)
	} else {
		out.Warnings = append(out.Warnings, Warning{WarnUnlinked, "the list of who should act is not imported, so boxes are not linked to recommendations", out.TitleLines})
	}
	out.normalise()
	return out
}

// detached copies what Attach changes.
func (v *Version) detached() *Version {
	out := *v
	out.Boxes = slices.Clone(v.Boxes)
	for i := range out.Boxes {
		b := &out.Boxes[i]
		b.Recommendations = nil
		b.Sections = slices.Clone(b.Sections)
		for j := range b.Sections {
			b.Sections[j].Serves = nil
		}
	}
	out.Files = slices.Clone(v.Files)
	out.Furniture = slices.Clone(v.Furniture)
	out.Warnings = slices.DeleteFunc(slices.Clone(v.Warnings), func(w Warning) bool { return w.Kind.fromComparing() })
	return &out
}

func (v *Version) hasFile(kind FileKind, name string) bool {
	return slices.ContainsFunc(v.Files, func(f SourceFile) bool { return f.Kind == kind && f.Name == name })
}

// speaker is a section with the texts that name its actors, any of which may be the one that
// agrees with a recommendation.
type speaker struct {
	box     *Box
	section *Section
	names   []actorNames
}

type actorNames struct {
	text  string
	stems map[string]bool
	term  string // the glossary entry it is from
}

func namesOf(text, term string) actorNames { return actorNames{text, contentStems(text), term} }

var (
	reAside   = regexp.MustCompile(`(?i)\([^()]*\bsee\b[^()]*\)`)
	reSubject = regexp.MustCompile(`(?i)^(.{3,400}?)\s+(should|must)\b`)
)

func speakers(v *Version) []speaker {
	var out []speaker
	for i := range v.Boxes {
		for j := range v.Boxes[i].Sections {
			s := speaker{box: &v.Boxes[i], section: &v.Boxes[i].Sections[j]}
			if s.section.Audience != "" {
				s.names = audienceNames(v, s.section)
			} else if subjects := itemSubjects(s.section); subjects != "" {
				s.names = []actorNames{namesOf(subjects+" "+strings.Join(explanations(v, subjects), " "), "")}
			}
			out = append(out, s)
		}
	}
	return out
}

// audienceNames are the audience sentence and the glossary entries that explain it: those that
// it sends the reader to, else those whose term it uses.
func audienceNames(v *Version, s *Section) []actorNames {
	own := strings.TrimSpace(reAside.ReplaceAllString(s.Audience, ""))
	if m := reSubject.FindStringSubmatch(own); m != nil {
		own = m[1]
	}
	names := []actorNames{namesOf(own, "")}
	for _, name := range s.Terms {
		if t := v.Term(name); t != nil {
			names = append(names, namesOf(t.Definition, t.Term))
		}
	}
	if len(names) == 1 {
		for _, def := range explanations(v, own) {
			names = append(names, namesOf(def, ""))
		}
	}
	return names
}

// itemSubjects are the actors that recommendations without an audience sentence begin with.
func itemSubjects(s *Section) string {
	var out []string
	for _, it := range s.Items {
		if m := reSubject.FindStringSubmatch(reAside.ReplaceAllString(it.Text, "")); m != nil {
			out = append(out, m[1])
		}
	}
	return strings.Join(out, "; ")
}

// explanations are the definitions of the glossary terms that a list of actors, or one of the
// actors in it, begins with. A term further inside qualifies an actor and explains none.
func explanations(v *Version, actors string) []string {
	var out []string
	for _, actor := range strings.Split(actors, ";") {
		key := wording.Key(actor) + " "
		for _, t := range v.Glossary {
			term := wording.Key(t.Term)
			if strings.Contains(term, " ") && strings.HasPrefix(key, term+" ") && !slices.Contains(out, t.Definition) {
				out = append(out, t.Definition)
			}
		}
	}
	return out
}

// pair is a section and a recommendation with how alike their actors are.
type pair struct {
	speaker, rec int
	score        float64
	by           actorNames
}

func linkActors(v *Version) {
	who := speakers(v)
	pairs := likenesses(v, who)
	takenSpeaker, takenRec := map[int]bool{}, map[int]bool{}
	take := func(p pair) {
		takenSpeaker[p.speaker], takenRec[p.rec] = true, true
		s, rec := who[p.speaker], v.Recommendations[p.rec]
		s.section.Serves = append(s.section.Serves, rec.Number)
		s.box.Recommendations = append(s.box.Recommendations, rec.Number)
		warnWording(v, s, rec, p.by)
	}
	for _, p := range pairs {
		if p.score >= leastLikeness && !takenSpeaker[p.speaker] && !takenRec[p.rec] {
			take(p)
		}
	}
	for _, p := range pairs {
		if p.score >= clearlyLikeness && !takenRec[p.rec] {
			take(p)
		}
	}
	for i := range v.Boxes {
		slices.Sort(v.Boxes[i].Recommendations)
		v.Boxes[i].Recommendations = slices.Compact(v.Boxes[i].Recommendations)
	}
	for i, rec := range v.Recommendations {
		if !takenRec[i] {
			v.warnCompared(WarnUnlinked, rec.Lines, "recommendation %d names actors that no box names", rec.Number)
		}
	}
	for i, s := range who {
		if !takenSpeaker[i] && len(s.names) > 0 {
			v.warnCompared(WarnUnlinked, s.section.at(), "the actors of box %d%s agree with no recommendation that is left", s.box.Number, inSection(s.section))
		}
	}
}

func inSection(s *Section) string {
	if s.Title == "" {
		return ""
	}
	return fmt.Sprintf(", %q,", clip(s.Title))
}

func (v *Version) warnCompared(kind WarningKind, at Lines, format string, args ...any) {
	v.Warnings = append(v.Warnings, Warning{kind, fmt.Sprintf(format, args...), at})
}

// likenesses compares every section with every recommendation, best pairs first; equal ones in
// the order of the documents.
func likenesses(v *Version, who []speaker) []pair {
	details := make([]map[string]bool, len(v.Recommendations))
	used := map[string]int{}
	for i, rec := range v.Recommendations {
		details[i] = contentStems(rec.Text)
		for w := range details[i] {
			used[w]++
		}
	}
	weight := func(w string) float64 {
		return math.Log(1 + float64(len(details)+1)/float64(used[w]+1))
	}
	var pairs []pair
	for si, s := range who {
		for ri := range details {
			best := pair{speaker: si, rec: ri}
			for _, n := range s.names {
				if score := likeness(n.stems, details[ri], weight); score > best.score {
					best.score, best.by = score, n
				}
			}
			if best.score > 0 {
				pairs = append(pairs, best)
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return compare(b.score, a.score) })
	return pairs
}

// likeness is the weighted share of the words that two lists have in common. The words are added
// up in order, so that the same documents always give the same sums.
func likeness(a, b map[string]bool, weight func(string) float64) float64 {
	common, all := 0.0, 0.0
	for _, w := range sortedKeys(a, b) {
		if a[w] && b[w] {
			common += weight(w)
		}
		all += weight(w)
	}
	if all == 0 {
		return 0
	}
	return common / all
}

func sortedKeys(sets ...map[string]bool) []string {
	var keys []string
	for _, set := range sets {
		for w := range set {
			keys = append(keys, w)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// warnWording reports actors that a section names in words its recommendation does not have. A
// glossary entry is meant to repeat the detail, so there it is any difference that counts.
func warnWording(v *Version, s speaker, rec Recommendation, by actorNames) {
	detail := contentStems(rec.Text)
	extra := missingWords(by.text, detail)
	if by.term != "" {
		if lacks := missingWords(rec.Text, by.stems); len(extra)+len(lacks) > 0 {
			v.warnCompared(WarnActors, s.section.AudienceLines, "box %d sends the reader to the glossary's %q, which is not the detail of recommendation %d: %s",
				s.box.Number, clip(by.term), rec.Number, strings.Join(append(extra, lacks...), ", "))
		}
		return
	}
	if len(extra) > 0 {
		v.warnCompared(WarnActors, s.section.at(), "box %d%s names actors in words that the detail of recommendation %d does not use: %s",
			s.box.Number, inSection(s.section), rec.Number, strings.Join(extra, ", "))
	}
}

// missingWords are the words of a text whose stems a set lacks, in their order.
func missingWords(text string, set map[string]bool) []string {
	var out []string
	for _, w := range wording.Words(text) {
		if !emptyWords[w] && len(w) > 1 && !set[stem(w)] && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
