package house

import "testing"

func TestADRs(t *testing.T) {
	problems, err := Decisions(project(t))
	report(t, problems, err)
}

func TestADRsCatchesPlantedFaults(t *testing.T) { planted(t, "adr", Decisions) }
