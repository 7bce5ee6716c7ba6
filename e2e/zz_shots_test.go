package e2e

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

func TestZZShots(t *testing.T) {
	base := os.Getenv("BASE")
	if base == "" {
		t.Skip()
	}
	for _, w := range strings.Split(os.Getenv("WIDTHS"), ",") {
		width, _ := strconv.Atoi(w)
		for _, arg := range strings.Split(os.Getenv("PAGES"), ";") {
			role, paths, _ := strings.Cut(arg, "@")
			p := harness.Open(t, harness.Options{Base: base, Width: width, Height: 1000})
			p.Goto("/demo").Click("Sign in as " + role)
			p.See("Your work")
			for _, path := range strings.Split(paths, ",") {
				for _, one := range strings.Split(path, ">") { // > clicks
					if strings.HasPrefix(one, "/") {
						p.Goto(one)
					} else {
						p.Click(one)
					}
				}
				t.Log(p.Path(), p.Title())
				name := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(path), "-"), "-")
				if len(name) > 60 {
					name = name[len(name)-60:]
				}
				t.Log(p.Screenshot(strings.ReplaceAll(role, " ", "") + "-" + name + "-" + w))
			}
		}
	}
}
