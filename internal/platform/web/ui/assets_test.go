package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// topicWords must not show in anything a person near the screen could see (safety rule S13).
var topicWords = []string{"abuse", "violence", "violent", "refuge", "victim", "survivor", "perpetrator", "marac", "idva", "dash", "domestic", "exit"}

func TestEveryAssetIsServable(t *testing.T) {
	entries, err := fs.ReadDir(Assets(), ".")
	if err != nil {
		t.Fatal(err)
	}
	files := AssetFiles()
	if len(files) != len(entries) {
		t.Fatalf("%d of %d files have a hash in their names", len(files), len(entries))
	}
	for _, f := range files {
		sum := sha256.Sum256(f.Body)
		if want := hex.EncodeToString(sum[:])[:12]; !strings.Contains(f.Name, "-"+want+".") {
			t.Errorf("%s: its content hashes to %s; run tools/vendor/vendor.sh", f.Name, want)
		}
		if f.ContentType == "" {
			t.Errorf("%s: no content type", f.Name)
		}
		if got, ok := FindAsset(f.Name); !ok || !bytes.Equal(got.Body, f.Body) {
			t.Errorf("%s: cannot be found by its name", f.Name)
		}
		if Asset(f.Logical) != "/assets/"+f.Name {
			t.Errorf("%s: Asset(%q) = %q", f.Name, f.Logical, Asset(f.Logical))
		}
		if f.Gzip == nil {
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(f.Gzip))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, f.Body) {
			t.Errorf("%s: does not unpack to itself: %v", f.Name, err)
		}
	}
	for _, logical := range []string{AssetBase, AssetBaseRTL, AssetApp, AssetBoot, AssetScript, AssetFrontend, AssetIcon, AssetIconPNG} {
		if strings.HasPrefix(Asset(logical), "/assets/missing/") {
			t.Errorf("%s is missing", logical)
		}
	}
	if _, ok := FindAsset("../assets.go"); ok {
		t.Error("a file outside the folder was found")
	}
	if got := Asset("no-such.css"); got != "/assets/missing/no-such.css" {
		t.Errorf("unknown asset: %q", got)
	}
}

func TestLargeAssetsAreCompressed(t *testing.T) {
	for _, logical := range []string{AssetBase, AssetBaseRTL, AssetApp, AssetFrontend} {
		f, ok := FindAsset(path.Base(Asset(logical)))
		if !ok || f.Gzip == nil || len(f.Gzip)*3 > len(f.Body) {
			t.Errorf("%s: %d bytes, compressed %d", logical, len(f.Body), len(f.Gzip))
		}
	}
}

// TestAssetsLoadNothingFromElsewhere is safety rule S2, and the marks that are not ours to show.
func TestAssetsLoadNothingFromElsewhere(t *testing.T) {
	address := regexp.MustCompile(`(?i)https?:[^\s"'` + "`" + `)]*|//[a-z0-9-]+\.[a-z]{2,}`)
	for _, f := range AssetFiles() {
		if f.ContentType == "image/png" {
			continue
		}
		body := string(f.Body)
		for _, found := range address.FindAllString(body, -1) {
			if found != "http://www.w3.org/2000/svg" {
				t.Errorf("%s names %s", f.Name, found)
			}
		}
		for _, word := range []string{"GDS Transport", "crest", "@font-face", "@import", "sourceMappingURL", "#1d70b8"} {
			if strings.Contains(body, word) {
				t.Errorf("%s contains %q", f.Name, word)
			}
		}
		for _, m := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(body, -1) {
			if _, ok := FindAsset(m[1]); !ok {
				t.Errorf("%s: %s is not shipped", f.Name, m[1])
			}
		}
		if m := regexp.MustCompile(`from '\./([^']*)'`).FindStringSubmatch(body); m != nil {
			if _, ok := FindAsset(m[1]); !ok {
				t.Errorf("%s imports %s, which is not shipped", f.Name, m[1])
			}
		}
	}
}

func TestAssetNamesAreNeutral(t *testing.T) {
	for _, f := range AssetFiles() {
		for _, word := range topicWords {
			if strings.Contains(strings.ToLower(f.Name), word) {
				t.Errorf("%s contains %q", f.Name, word)
			}
		}
	}
}

// TestAssetsAreBuiltFromTheirSources fails when somebody edits one and forgets the other.
func TestAssetsAreBuiltFromTheirSources(t *testing.T) {
	for _, name := range []string{AssetApp, AssetScript, AssetBoot, AssetIcon, AssetIconPNG} {
		source, err := os.ReadFile(filepath.Join("src", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == AssetScript {
			source = bytes.Replace(source, []byte("'./frontend.js'"), []byte("'./"+path.Base(Asset(AssetFrontend))+"'"), 1)
		}
		f, _ := FindAsset(path.Base(Asset(name)))
		if !bytes.Equal(f.Body, source) {
			t.Errorf("%s differs from src/%s: run tools/vendor/vendor.sh own", f.Name, name)
		}
	}
	theme := source(t, "theme.css")
	if base, _ := FindAsset(path.Base(Asset(AssetBase))); !bytes.HasSuffix(base.Body, []byte(theme)) {
		t.Errorf("%s does not end with src/theme.css: run tools/vendor/vendor.sh", base.Name)
	}
}

func source(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("src", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestOwnStylesServeBothDirections: app.css is not turned round, so it may not name a side.
func TestOwnStylesServeBothDirections(t *testing.T) {
	physical := regexp.MustCompile(`(?m)(?:^|[{;\s])((?:margin|padding|border)-(?:left|right)[a-z-]*|left|right|width|height|(?:min|max)-(?:width|height)|text-align: (?:left|right)|float: (?:left|right))\s*:`)
	css := regexp.MustCompile(`@media[^{]*`).ReplaceAllString(source(t, "app.css"), "@media ")
	for _, m := range physical.FindAllStringSubmatch(css, -1) {
		t.Errorf("app.css uses %q: use the logical property", m[1])
	}
	if a, b := AssetFiles(), Asset(AssetBaseRTL); len(a) == 0 || b == Asset(AssetBase) {
		t.Error("no style sheet for right-to-left languages")
	}
	rtl, _ := FindAsset(path.Base(Asset(AssetBaseRTL)))
	ltr, _ := FindAsset(path.Base(Asset(AssetBase)))
	if n, m := bytes.Count(ltr.Body, []byte("margin-left:")), bytes.Count(rtl.Body, []byte("margin-right:")); n == 0 || n != m {
		t.Errorf("%d margins at the left became %d at the right", n, m)
	}
}

// TestScriptsKeepTheRules: the exit starts first, nothing starts everything, nothing is kept in the browser.
func TestScriptsKeepTheRules(t *testing.T) {
	code := regexp.MustCompile(`(?m)//.*$`).ReplaceAllString(source(t, "app.js"), "")
	for _, bad := range []string{"initAll", "innerHTML", "eval(", "localStorage", "sessionStorage", "indexedDB", "cookie", "keydown", "keyup", "XMLHttp", "sendBeacon"} {
		if strings.Contains(code, bad) {
			t.Errorf("app.js uses %s", bad)
		}
	}
	// What is sent is what somebody typed, to this very site; where answers are saved to stands in their form.
	if all, own := strings.Count(code, "fetch("), len(regexp.MustCompile(`fetch\((?:'/[a-z]|url \+ '/|form\.dataset\.autosave,|location\.pathname,)`).FindAllString(code, -1)); all != own || all > 9 {
		t.Errorf("app.js fetches %d times, %d of them from this site", all, own)
	}
	first := regexp.MustCompile(`createAll\(\w+\)`).FindString(code)
	if first != "createAll(SafeExit)" {
		t.Errorf("app.js starts %s before the exit", first)
	}
	frontend, _ := FindAsset(path.Base(Asset(AssetFrontend)))
	for _, need := range []string{"exitPage(){", "resetPage(){", "syncConditionalRevealWithInputState("} {
		if !bytes.Contains(frontend.Body, []byte(need)) {
			t.Errorf("the vendored script no longer has %s, which app.js overrides", need)
		}
	}
}

// TestThemeContrast checks the colours of the theme against WCAG 2.2 AA: 4.5 for text.
func TestThemeContrast(t *testing.T) {
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`(--[a-z-]+): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(source(t, "theme.css"), -1) {
		if _, ok := colours[m[1]]; !ok {
			colours[m[1]] = m[2]
		}
	}
	for _, pair := range [][2]string{
		{"--govuk-text-colour", "--govuk-body-background-colour"},
		{"--govuk-text-colour", "--govuk-template-background-colour"},
		{"--govuk-secondary-text-colour", "--govuk-body-background-colour"},
		{"--govuk-secondary-text-colour", "--app-mist"},
		{"--govuk-secondary-text-colour", "--app-red-soft"},
		{"--govuk-secondary-text-colour", "--app-amber-soft"},
		{"--govuk-link-colour", "--govuk-body-background-colour"},
		{"--govuk-link-colour", "--govuk-template-background-colour"},
		{"--govuk-link-colour", "--app-teal-soft"},
		{"--govuk-link-colour", "--app-red-soft"},
		{"--govuk-link-colour", "--app-amber-soft"},
		{"--govuk-link-visited-colour", "--govuk-template-background-colour"},
		{"--govuk-error-colour", "--govuk-body-background-colour"},
		{"--govuk-success-colour", "--govuk-body-background-colour"},
		{"--govuk-brand-colour", "--govuk-body-background-colour"},
		{"--app-amber", "--govuk-body-background-colour"},
		{"--app-red", "--app-red-soft"},
		{"--app-ink", "--app-amber-soft"},
		{"--govuk-focus-text-colour", "--govuk-focus-colour"},
		{"--govuk-body-background-colour", "--app-teal-deep"},
		{"--govuk-body-background-colour", "--app-teal"},
		{"--govuk-body-background-colour", "--app-red"},
	} {
		a, b := colours[pair[0]], colours[pair[1]]
		if a == "" || b == "" {
			t.Errorf("%v: not in the theme", pair)
			continue
		}
		if c := contrast(t, a, b); c < 4.5 {
			t.Errorf("%s on %s: %.2f, needs 4.5", pair[0], pair[1], c)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	h := strings.TrimPrefix(colour, "#")
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(h[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
