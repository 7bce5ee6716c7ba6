package house

import "testing"

func TestNoForbiddenCalls(t *testing.T) {
	problems, err := Calls(project(t))
	report(t, problems, err)
}

func TestNoForbiddenCallsCatchesPlantedFaults(t *testing.T) { planted(t, "calls", Calls) }

func TestTemplatesKeepTheContentSecurityPolicy(t *testing.T) {
	problems, err := Templates(project(t))
	report(t, problems, err)
}

func TestTemplatesCatchesPlantedFaults(t *testing.T) { planted(t, "templates", Templates) }
