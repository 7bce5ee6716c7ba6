package directory

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/platform/policy"
)

// AgencyID and TeamID identify agencies and teams. An account is identified as
// auth does it, by a string.
type (
	AgencyID string
	TeamID   string
)

// Sector is the part of local life an agency belongs to. The list is that of
// the services a local map has to cover (B2.7), with the specialist services
// that everybody refers to as a sector of their own.
type Sector string

// The sectors.
const (
	Specialist      Sector = "specialist"
	Ambulance       Sector = "ambulance"
	Housing         Sector = "housing"
	Police          Sector = "police"
	Health          Sector = "health"
	CriminalJustice Sector = "criminal_justice"
	Education       Sector = "education"
	Probation       Sector = "probation"
	Safeguarding    Sector = "safeguarding"
	SocialCare      Sector = "social_care"
	OtherStatutory  Sector = "other_statutory"
	OtherCommunity  Sector = "other_community"
	OtherVoluntary  Sector = "other_voluntary"
)

// Sectors lists every sector, in the order in which they are offered.
func Sectors() []Sector {
	return []Sector{
		Specialist, Ambulance, Housing, Police, Health, CriminalJustice, Education, Probation,
		Safeguarding, SocialCare, OtherStatutory, OtherCommunity, OtherVoluntary,
	}
}

// Label is the sector in words for people.
func (s Sector) Label() string {
	switch s {
	case Specialist:
		return "Specialist domestic abuse service"
	case Ambulance:
		return "Ambulance service"
	case Housing:
		return "Housing"
	case Police:
		return "Police"
	case Health:
		return "Health"
	case CriminalJustice:
		return "Criminal justice"
	case Education:
		return "Education"
	case Probation:
		return "Probation"
	case Safeguarding:
		return "Safeguarding"
	case SocialCare:
		return "Social care"
	case OtherStatutory:
		return "Other specialist service, statutory"
	case OtherCommunity:
		return "Other specialist service, community"
	case OtherVoluntary:
		return "Other specialist service, voluntary"
	default:
		return string(s)
	}
}

// ParseSector reads a sector as it is stored.
func ParseSector(text string) (Sector, error) {
	if s := Sector(strings.TrimSpace(text)); slices.Contains(Sectors(), s) {
		return s, nil
	}
	known := make([]string, len(Sectors()))
	for i, s := range Sectors() {
		known[i] = string(s)
	}
	return "", fmt.Errorf("%q is not a sector; the sectors are %s", text, strings.Join(known, ", "))
}

// ParseRoles reads a list of roles, with commas or spaces between them, and
// returns each once, in the order of [policy.Roles]. An empty list is none.
func ParseRoles(text string) ([]policy.Role, error) {
	var out []policy.Role
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
		role, err := policy.ParseRole(word)
		if err != nil {
			return nil, err
		}
		out = append(out, role)
	}
	return inOrder(out), nil
}

// inOrder returns the known roles among those given, each once.
func inOrder(roles []policy.Role) []policy.Role {
	var out []policy.Role
	for _, r := range policy.Roles() {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	return out
}

// rolesText is how roles are stored.
func rolesText(roles []policy.Role) string {
	words := make([]string, 0, len(roles))
	for _, r := range inOrder(roles) {
		words = append(words, string(r))
	}
	return strings.Join(words, " ")
}
