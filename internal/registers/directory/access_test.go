package directory_test

import (
	"strings"
	"testing"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

var (
	nobody     = policy.Actor{}
	operator   = policy.Actor{Account: "op", Kind: policy.Operator}
	admin      = person("admin", "a", policy.Administrator)
	manager    = person("manager", "a", policy.Manager)
	worker     = person("worker", "a", policy.Practitioner, policy.Specialist)
	lead       = person("lead", "a", policy.Commissioner, policy.KeyContact)
	stranger   = person("stranger", "b", policy.Administrator, policy.Manager)
	homeless   = person("homeless", "", policy.Administrator, policy.Manager) // roles without an agency
	leaver     = person("leaver", "")
	feedReader = policy.Actor{Account: "feed", Kind: policy.Service, Agency: "a", Roles: []policy.Role{policy.Practitioner}}
)

func person(account, agency string, roles ...policy.Role) policy.Actor {
	return policy.Actor{Account: account, Kind: policy.Human, Agency: agency, Roles: roles, Level: 4}
}

func resource(kind, agency string) policy.Resource {
	r := policy.Resource{Type: kind, ID: "x"}
	if kind != "Directory" {
		r.Attrs = policy.Attrs{"agency": agency}
	}
	return r
}

func TestWhoMayDoWhat(t *testing.T) {
	rules, err := policy.New(directory.Rules())
	if err != nil {
		t.Fatal(err)
	}
	feed := feedReader
	feed.Only = rules.Actions() // what it cannot do, no token lets a program do
	all := map[string]policy.Actor{
		"nobody": nobody, "operator": operator, "admin": admin, "manager": manager, "worker": worker, "lead": lead,
		"stranger": stranger, "homeless": homeless, "leaver": leaver, "feed": feed,
	}
	type line struct {
		action policy.Action
		kind   string
		agency string
		may    string
	}
	covered := map[policy.Action]bool{}
	for _, l := range []line{
		{directory.ActRead, "Directory", "", "operator admin manager worker lead stranger homeless leaver feed"},
		{directory.ActAddAgency, "Agency", "", "operator"},
		{directory.ActSetUp, "Agency", "", "operator"},
		{directory.ActAddTeam, "Agency", "a", "operator admin"},
		{directory.ActAddTeam, "Agency", "b", "operator stranger"},
		{directory.ActAddTeam, "Agency", "", "operator"},
		{directory.ActChangeTeam, "Team", "a", "operator admin"},
		{directory.ActAddMember, "Agency", "a", "operator admin"},
		{directory.ActAddMember, "Agency", "b", "operator stranger"},
		{directory.ActAddMember, "Agency", "", "operator"},
		{directory.ActChangeRoles, "Member", "a", "operator admin"},
		{directory.ActChangeRoles, "Member", "b", "operator stranger"},
		{directory.ActChangeRoles, "Member", "", "operator"},
		{directory.ActChangeTeams, "Member", "a", "operator admin"},
		{directory.ActChangeTeams, "Member", "", "operator"},
		{directory.ActEndMembership, "Member", "a", "operator admin"},
		{directory.ActEndMembership, "Member", "", "operator"},
		{directory.ActSuspend, "Member", "a", "operator admin"},
		{directory.ActSuspend, "Member", "b", "operator stranger"},
		{directory.ActResetFactor, "Member", "a", "operator admin"},
		{directory.ActResetFactor, "Member", "b", "operator stranger"},
		{directory.ActVouch, "Member", "a", "operator admin"},
		{directory.ActVouch, "Member", "b", "operator stranger"},
		{directory.ActForget, "Member", "a", "operator admin lead"},
		{directory.ActForget, "Member", "b", "operator stranger"},
		{directory.ActForget, "Member", "", "operator"},
		{directory.ActListIdentities, "Agency", "a", "admin lead"},
		{directory.ActListIdentities, "Agency", "b", "stranger"},
		{directory.ActListIdentities, "Agency", "", ""},
		{directory.ActGiveToken, "Member", "a", "operator admin"},
		{directory.ActGiveToken, "Member", "b", "operator stranger"},
		{directory.ActListMembers, "Agency", "a", "operator admin manager"},
		{directory.ActListMembers, "Agency", "b", "operator stranger"},
		{directory.ActListMembers, "Agency", "", "operator"},
		{directory.ActListColleagues, "Agency", "a", "admin manager worker lead"},
		{directory.ActListColleagues, "Agency", "b", "stranger"},
		{directory.ActListColleagues, "Agency", "", ""},
	} {
		covered[l.action] = true
		may := strings.Fields(l.may)
		for name, actor := range all {
			want := false
			for _, m := range may {
				want = want || m == name
			}
			d := rules.Decide(actor, l.action, resource(l.kind, l.agency))
			if d.Allowed != want {
				t.Errorf("%s %s of %q: allowed %v (%s), want %v", name, l.action, l.agency, d.Allowed, d.Reason(), want)
			}
		}
	}
	for _, action := range rules.Actions() {
		if strings.HasPrefix(string(action), "directory.") && !covered[action] {
			t.Errorf("%s is not in the matrix", action)
		}
	}
}
