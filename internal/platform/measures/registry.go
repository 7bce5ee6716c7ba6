package measures

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// Registry holds the declared kinds and indicators of a deployment, and the
// time zone of its calendar. It is safe for concurrent use.
type Registry struct {
	zone       *time.Location
	kinds      map[string]Kind
	indicators []Indicator
}

// NewRegistry checks the declarations and gathers them.
func NewRegistry(zone *time.Location, kinds []Kind, indicators []Indicator) (*Registry, error) {
	if zone == nil {
		return nil, errors.New("measures need the time zone that days are counted in")
	}
	r := &Registry{zone: zone, kinds: map[string]Kind{}, indicators: slices.Clone(indicators)}
	var faults []error
	for _, k := range kinds {
		if _, twice := r.kinds[k.Name]; twice {
			faults = append(faults, fmt.Errorf("kind %s is declared twice", k.Name))
		}
		r.kinds[k.Name] = k
		faults = append(faults, k.check())
	}
	ids := map[string]bool{}
	wholes := map[string][]Facts{}
	for _, in := range indicators {
		if ids[in.ID] {
			faults = append(faults, fmt.Errorf("indicator %s is declared twice", in.ID))
		}
		ids[in.ID] = true
		faults = append(faults, in.check(r.kinds))
		// A denominator that reads the same must be the same.
		words := in.Denominator.Words
		if facts, known := wholes[words]; known && !reflect.DeepEqual(facts, in.Denominator.Facts) {
			faults = append(faults, fmt.Errorf("indicator %s: another indicator has the denominator %q and counts other facts", in.ID, words))
		}
		wholes[words] = in.Denominator.Facts
	}
	return r, errors.Join(faults...)
}

// Kinds lists the declared kinds by name.
func (r *Registry) Kinds() []Kind {
	out := make([]Kind, 0, len(r.kinds))
	for _, k := range r.kinds {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Indicators lists the declared indicators in their order.
func (r *Registry) Indicators() []Indicator { return slices.Clone(r.indicators) }

// Indicator finds one by its id.
func (r *Registry) Indicator(id string) (Indicator, bool) {
	i := slices.IndexFunc(r.indicators, func(in Indicator) bool { return in.ID == id })
	if i < 0 {
		return Indicator{}, false
	}
	return r.indicators[i], true
}

// ForBox lists the indicators that belong to a box.
func (r *Registry) ForBox(box int) []Indicator {
	var out []Indicator
	for _, in := range r.indicators {
		if slices.Contains(in.Boxes, box) {
			out = append(out, in)
		}
	}
	return out
}

// partLabel is the value of an indicator's breakdown in words for people.
func (r *Registry) partLabel(in Indicator, value string) string {
	d, _ := r.kinds[in.Denominator.Facts[0].Kind].dimension(in.By)
	return d.Label(value)
}
