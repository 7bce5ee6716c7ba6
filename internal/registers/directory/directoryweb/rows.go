package directoryweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

func after(path, key string) string { return path + "?" + url.Values{"after": {key}}.Encode() }

func teamRows(teams []directory.ReferralTeam) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, t := range teams {
		rows = append(rows, []ui.TableCell{{Text: t.AgencyName}, {Text: t.Name}, {Text: t.Sector.Label()}})
	}
	return rows
}

func ownTeamRows(teams []directory.Team) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, t := range teams {
		takes := "No"
		if t.TakesReferrals {
			takes = "Yes"
		}
		rows = append(rows, []ui.TableCell{{Text: t.Name}, {Text: takes}})
	}
	return rows
}

func memberRows(v agencyView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, m := range v.Members {
		var roles, teams []string
		for _, r := range m.Roles {
			roles = append(roles, r.Label())
		}
		for _, t := range m.Teams {
			teams = append(teams, v.Names[t])
		}
		rows = append(rows, []ui.TableCell{{Content: memberLink(m)}, {Text: strings.Join(roles, ", ")}, {Text: strings.Join(teams, ", ")}, {Text: standing(m)}})
	}
	return rows
}

// untrainedContact tells of a key contact whose training is not on record (B6.29).
func untrainedContact(m directory.Member) bool {
	return slices.Contains(m.Roles, policy.KeyContact) && !m.Advises
}

// standing is what there is to know of somebody's account at a glance.
func standing(m directory.Member) string {
	switch {
	case m.Suspended:
		return "Suspended"
	case untrainedContact(m):
		return "No training in advising on sharing"
	case m.Until != "":
		if day, err := time.Parse(time.DateOnly, m.Until); err == nil {
			return "Until " + day.Format("2 January 2006")
		}
	}
	return ""
}

func roleItems(have []policy.Role) []ui.CheckboxItem {
	var items []ui.CheckboxItem
	for _, r := range policy.Roles() {
		items = append(items, ui.CheckboxItem{Value: string(r), Text: r.Label(), Checked: slices.Contains(have, r)})
	}
	return items
}

func teamItems(teams []directory.Team, ticked map[string]bool) []ui.CheckboxItem {
	var items []ui.CheckboxItem
	for _, t := range teams {
		items = append(items, ui.CheckboxItem{Value: string(t.ID), Text: t.Name, Checked: ticked[string(t.ID)]})
	}
	return items
}

func levelItems() []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "None recorded"}}
	for n, text := range []string{"hears a disclosure and points the way", "asks, and judges immediate safety", "identifies risk and plans safety", "advises as a specialist"} {
		level := strconv.Itoa(n + 1)
		items = append(items, ui.SelectItem{Value: level, Text: "Level " + level + ": " + text})
	}
	return append(items, ui.SelectItem{Value: directory.OfSharing, Text: "No level: how to advise on safe sharing, for key contacts"})
}

// trained is a training as it was chosen from the list.
func trained(choice, on, until, source string) directory.Trained {
	t := directory.Trained{AchievedOn: on, ExpiresOn: until, Source: source}
	if choice == directory.OfSharing {
		t.Topic = choice
		return t
	}
	level, err := strconv.Atoi(choice)
	if err != nil {
		level = 0 // no level: the register says what is wrong
	}
	t.Level = level
	return t
}

func sectorItems() []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, s := range directory.Sectors() {
		items = append(items, ui.SelectItem{Value: string(s), Text: s.Label()})
	}
	return items
}
