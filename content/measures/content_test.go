package measurescontent_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	pathwaycontent "waymark/content/guideline"
	measurescontent "waymark/content/measures"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

func declared(t *testing.T) ([]measures.Kind, *measures.Registry) {
	t.Helper()
	kinds, err := measures.ParseKinds(measurescontent.Facts)
	if err != nil {
		t.Fatal(err)
	}
	list, err := measures.ParseIndicators(measurescontent.QS116)
	if err != nil {
		t.Fatal(err)
	}
	r, err := measures.NewRegistry(time.UTC, kinds, list)
	if err != nil {
		t.Fatal(err)
	}
	return kinds, r
}

func TestTheMeasuresAreThese(t *testing.T) {
	_, r := declared(t)
	var got []string
	for _, in := range r.Indicators() {
		mark := ""
		if in.NICE {
			mark = " NICE"
		}
		got = append(got, in.ID+" "+string(in.Unit)+mark)
	}
	want := []string{
		"QS1.P persons NICE", "QS2.P persons NICE", "QS3.P.offered persons", "QS3.P.referred persons NICE",
		"QS4.P.offered persons", "QS4.P.referred persons NICE", "B8.8 contacts",
		"B10.5 contacts", "B5.14 contacts", "G11 contacts",
		"B9.3 persons", "B9.4 persons", "B9.5 persons", "B9.6 persons", "B9.7 persons", "B9.9 contacts",
		"B9.9.begun contacts", "B9.9.waited contacts", "B9.9.declined contacts", "B9.9.unmet contacts", "B9.9.domain contacts", "B10.1 persons", "B9.15.offered persons", "B9.15.referred persons",
		"B9.2.wanted contacts", "B9.2.unsafe contacts", "B9.2.unsafe.why contacts", "B9.2.unwanted contacts", "B6.2.accepted contacts", "B6.2.declined contacts",
		"B6.2.asked.taken contacts", "B6.2.asked.moved contacts", "B6.2.asked.declined contacts", "B6.2.asked.unreached contacts", "B9.2.asked.reached contacts",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every kind has its heading in README.md, with a line for each dimension and
// for each value of a choice.
func TestEveryKindAndDimensionIsExplained(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, s := range strings.Split(string(text), "\n### ")[1:] {
		heading, body, _ := strings.Cut(s, "\n")
		body, _, _ = strings.Cut(body, "\n## ")
		for _, name := range regexp.MustCompile("`([a-z.]+)`").FindAllStringSubmatch(heading, -1) {
			sections[name[1]] = body
		}
	}
	kinds, _ := declared(t)
	for _, k := range kinds {
		body, ok := sections[k.Name]
		if !ok {
			t.Errorf("%s has no section", k.Name)
		}
		delete(sections, k.Name)
		for _, d := range k.Dimensions {
			if !strings.Contains(body, "`"+d.Name+"`") {
				t.Errorf("%s of %s is not explained", d.Name, k.Name)
			}
		}
	}
	for name := range sections {
		t.Errorf("%s is explained and not declared", name)
	}
}

func TestMeasuresOfAStatementStandAtTheBoxesThatNameIt(t *testing.T) {
	var pathway struct {
		Boxes []struct {
			Number     int
			Statements []int
		}
	}
	if err := json.Unmarshal(pathwaycontent.Pathway, &pathway); err != nil {
		t.Fatal(err)
	}
	boxes := map[string][]int{}
	for _, b := range pathway.Boxes {
		for _, n := range b.Statements {
			id := "QS" + string(rune('0'+n))
			boxes[id] = append(boxes[id], b.Number)
		}
	}
	_, r := declared(t)
	for _, in := range r.Indicators() {
		if statement, _, ok := strings.Cut(in.ID, ".P"); ok {
			if diff := cmp.Diff(boxes[statement], in.Boxes); diff != "" {
				t.Errorf("%s: %s", in.ID, diff)
			}
		}
	}
}

func TestMeasuresAreEvidenceOnlyForWhatIsCountedFromRecords(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(string(pathwaycontent.Obligations))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	class := map[string]string{}
	for _, row := range rows {
		class[row[0]] = row[len(row)-1]
	}
	_, r := declared(t)
	for _, in := range r.Indicators() {
		for _, id := range in.Obligations {
			if class[id] != "REC" {
				t.Errorf("%s claims %s, which is %q", in.ID, id, class[id])
			}
		}
	}
}

// fact makes the facts of these tests shorter.
type fact struct {
	kind   string
	person string
	record string
	day    int
	dims   measures.Dimensions
}

func seen(signs, routine bool, setting string) measures.Dimensions {
	return measures.Dimensions{"setting": setting, "indicators": signs, "routine": routine}
}

func asked(signs, routine bool, setting string, private, counts bool) measures.Dimensions {
	d := seen(signs, routine, setting)
	d["private"], d["counts"], d["level"] = private, counts, 2
	return d
}

func told() measures.Dimensions { return measures.Dimensions{"setting": "other"} }

func to(subject string, specialist bool) measures.Dimensions {
	return measures.Dimensions{"subject": subject, "to_specialist": specialist}
}

func level(n int) measures.Dimensions { return measures.Dimensions{"level": n} }

// count emits the facts in January 2026 and counts a measure over that month.
func count(t *testing.T, db *store.DB, id string, facts []fact) measures.Result {
	t.Helper()
	_, reg := declared(t)
	rules, err := policy.New(measures.Rules())
	if err != nil {
		t.Fatal(err)
	}
	counter := measures.New(db, audit.NewGuard(audit.New(db), rules), reg, measures.Config{})
	err = db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, f := range facts {
			err := reg.Emit(ctx, tx, measures.Fact{
				Kind: f.kind, Agency: "trust", Person: f.person, File: "file", Source: measures.Source{Kind: "record", ID: f.record},
				At: time.Date(2026, time.January, f.day, 12, 0, 0, 0, time.UTC), Dimensions: f.dims,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := counter.Count(t.Context(), policy.Actor{Account: "operator", Kind: policy.Operator}, measures.Query{
		IDs: []string{id}, Period: measures.Period{From: "2026-01-01", To: "2026-01-31"}, Exact: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return got[0]
}

func expect(t *testing.T, got measures.Counts, people, of, contacts, ofContacts int64) {
	t.Helper()
	want := measures.Counts{
		Numerator:   measures.Tally{Persons: people, Contacts: contacts},
		Denominator: measures.Tally{Persons: of, Contacts: ofContacts},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Statement 1 needs signs and privacy; asking everybody is no part of it.
func TestAskedInPrivateWhenThereAreSigns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		got := count(t, db, "QS1.P", []fact{
			{"enquiry.seen", "ann", "1", 1, seen(true, false, "other")},
			{"enquiry.asked", "ann", "1", 1, asked(true, false, "other", true, true)},
			{"enquiry.seen", "ann", "2", 2, seen(true, false, "other")}, // a second contact, not asked
			{"enquiry.seen", "bea", "3", 3, seen(true, false, "other")},
			{"enquiry.asked", "bea", "3", 3, asked(true, false, "other", false, false)}, // overheard
			{"enquiry.seen", "cat", "4", 4, seen(true, false, "other")},
			{"enquiry.asked", "cat", "4", 4, asked(true, false, "other", true, false)}, // a relative interpreted
			{"enquiry.seen", "dee", "5", 5, seen(false, true, "antenatal")},
			{"enquiry.asked", "dee", "5", 5, asked(false, true, "antenatal", true, true)}, // asked as everybody is
			{"enquiry.seen", "eve", "6", 6, seen(true, true, "antenatal")},
			{"enquiry.asked", "eve", "6", 6, asked(true, true, "antenatal", true, true)}, // both
		})
		expect(t, got.Counts, 2, 4, 2, 5)
	})
}

// Statement 2 counts those who were asked and told of nothing too.
func TestAnsweredByTrainedStaff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		got := count(t, db, "QS2.P", []fact{
			{"enquiry.asked", "ann", "1", 1, asked(true, false, "other", true, true)}, // told of nothing
			{"response", "ann", "1", 1, level(1)},
			{"disclosure.experiencing", "bea", "2", 2, told()}, // told unasked
			{"response", "bea", "2", 2, level(4)},              // above the floor
			{"enquiry.asked", "cat", "3", 3, asked(true, false, "other", true, true)},
			{"disclosure.experiencing", "cat", "3", 3, told()}, // asked and told: one contact
			{"response", "cat", "3", 3, level(0)},
			{"disclosure.experiencing", "dee", "4", 4, told()}, // nobody answered
			{"enquiry.asked", "eve", "5", 5, asked(true, false, "other", false, false)},
			{"response", "eve", "5", 5, level(2)}, // does not count as asked, told of nothing
			{"disclosure.perpetrating", "fay", "6", 6, told()},
			{"response", "fay", "6", 6, level(2)},
		})
		expect(t, got.Counts, 2, 4, 2, 4)
	})
}

// An offer is not a referral; neither counts for the other subject, for a
// service that is not a specialist one, or before the person told anybody.
func TestOfferedAndReferred(t *testing.T) {
	for _, c := range []struct{ statement, told, subject, other string }{
		{"QS3.P", "disclosure.experiencing", "experiencing", "perpetrating"},
		{"QS4.P", "disclosure.perpetrating", "perpetrating", "experiencing"},
	} {
		facts := []fact{
			{c.told, "ann", "1", 10, told()},
			{"offer.made", "ann", "o1", 10, to(c.subject, true)},
			{"referral.sent", "ann", "r1", 20, to(c.subject, true)},
			{c.told, "bea", "2", 10, told()},
			{"offer.made", "bea", "o2", 12, to(c.subject, true)}, // said no
			{c.told, "cat", "3", 10, told()},
			{"offer.made", "cat", "o3", 10, to(c.subject, false)},
			{"referral.sent", "cat", "r3", 10, to(c.subject, false)},
			{c.told, "dee", "4", 10, told()},
			{"offer.made", "dee", "o4", 10, to(c.other, true)},
			{"referral.sent", "dee", "r4", 10, to(c.other, true)},
			{c.told, "eve", "5", 10, told()},
			{"offer.made", "eve", "o5", 9, to(c.subject, true)},
			{"referral.sent", "eve", "r5", 9, to(c.subject, true)},
			{"offer.made", "fay", "o6", 10, to(c.subject, true)}, // told nobody
		}
		t.Run(c.statement, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
				expect(t, count(t, db, c.statement+".offered", facts).Counts, 2, 5, 2, 5)
				expect(t, count(t, db, c.statement+".referred", nil).Counts, 1, 5, 1, 5)
			})
		})
	}
}

// Proves: B8.8.
func TestAskedRoutinelyByServiceAndOverContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		got := count(t, db, "B8.8", []fact{
			{"enquiry.seen", "ann", "1", 1, seen(false, true, "antenatal")},
			{"enquiry.asked", "ann", "1", 1, asked(false, true, "antenatal", true, true)},
			{"enquiry.seen", "ann", "2", 9, seen(false, true, "antenatal")}, // the same person again, not asked
			{"enquiry.seen", "bea", "3", 2, seen(true, true, "mental_health")},
			{"enquiry.asked", "bea", "3", 2, asked(true, true, "mental_health", true, true)},
			{"enquiry.seen", "cat", "4", 3, seen(false, true, "mental_health")},
			{"enquiry.asked", "cat", "4", 3, asked(false, true, "mental_health", false, false)},
			{"enquiry.seen", "dee", "5", 4, seen(true, false, "other")}, // not where everybody is asked
			{"enquiry.asked", "dee", "5", 4, asked(true, false, "other", true, true)},
		})
		expect(t, got.Counts, 2, 3, 2, 4)
		var parts []string
		for _, p := range got.Parts {
			parts = append(parts, p.Label)
		}
		if diff := cmp.Diff([]string{"Antenatal care", "Mental health"}, parts); diff != "" {
			t.Fatal(diff)
		}
		expect(t, got.Parts[0].Counts, 1, 1, 1, 2)
		expect(t, got.Parts[1].Counts, 1, 2, 1, 2)
		if p, ok := got.Rows()[0].Percent(); !ok || p != 50 {
			t.Errorf("%d%% of contacts, %t", p, ok)
		}
	})
}

func TestTheEightServicesThatAskEverybodyHaveWords(t *testing.T) {
	kinds, _ := declared(t)
	i := slices.IndexFunc(kinds, func(k measures.Kind) bool { return k.Name == "enquiry.seen" })
	for _, setting := range []string{
		"antenatal", "postnatal", "reproductive", "sexual_health", "alcohol_drug", "mental_health", "childrens", "vulnerable_adults",
	} {
		if label := kinds[i].Dimensions[0].Label(setting); label == setting {
			t.Errorf("%s has no label", setting)
		}
	}
}
