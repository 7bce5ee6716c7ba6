package ui

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io/fs"
	"path"
	"regexp"
	"sync"
)

// Logical names of the assets a page or the server may ask for.
const (
	AssetBase     = "base.css"     // the design systems, without their marks, and our theme
	AssetBaseRTL  = "base-rtl.css" // the same, turned round
	AssetApp      = "app.css"      // our own patterns, for both directions
	AssetBoot     = "boot.js"      // plain script, straight after <body>
	AssetScript   = "app.js"       // module that starts the components
	AssetFrontend = "frontend.js"  // the module it imports
	AssetIcon     = "icon.svg"
	AssetIconPNG  = "icon.png"
)

//go:embed assets
var embedded embed.FS

// AssetFile is one file to serve at /assets/<Name>. Its name carries its hash, so it never changes.
type AssetFile struct {
	Name        string // "app-3fe5b244e49a.js"
	Logical     string // "app.js"
	ContentType string
	Body        []byte
	Gzip        []byte // nil where compressing would save next to nothing
}

var hashedName = regexp.MustCompile(`^(.+)-([0-9a-f]{12})(\.[a-z0-9]+)$`)

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

type assetIndex struct {
	files     []AssetFile
	byName    map[string]int
	byLogical map[string]int
}

// assets reads and compresses the embedded files once, on first use: some twenty milliseconds that a
// command which serves nothing need not spend.
var assets = sync.OnceValue(func() assetIndex {
	index := assetIndex{byName: map[string]int{}, byLogical: map[string]int{}}
	entries, err := fs.ReadDir(embedded, "assets")
	if err != nil {
		return index // cannot happen with embedded files; a test counts them
	}
	for _, entry := range entries {
		match := hashedName.FindStringSubmatch(entry.Name())
		if match == nil {
			continue
		}
		body, err := fs.ReadFile(embedded, path.Join("assets", entry.Name()))
		if err != nil {
			return index
		}
		index.byName[entry.Name()] = len(index.files)
		index.byLogical[match[1]+match[3]] = len(index.files)
		index.files = append(index.files, AssetFile{
			Name:        entry.Name(),
			Logical:     match[1] + match[3],
			ContentType: contentTypes[match[3]],
			Body:        body,
			Gzip:        compressed(body),
		})
	}
	return index
})

func compressed(body []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	if b.Len() > len(body)*9/10 {
		return nil
	}
	return b.Bytes()
}

// Asset is the address of an asset by its logical name. An unknown name gives an address that is not found,
// which a browser shows at once and the test of every page catches.
func Asset(logical string) string {
	index := assets()
	i, ok := index.byLogical[logical]
	if !ok {
		return "/assets/missing/" + logical
	}
	return "/assets/" + index.files[i].Name
}

// Assets is the folder of assets under their hashed names.
func Assets() fs.FS {
	sub, err := fs.Sub(embedded, "assets")
	if err != nil { // only for an invalid path, and this one is a constant
		return embedded
	}
	return sub
}

// AssetFiles lists every asset.
func AssetFiles() []AssetFile { return append([]AssetFile(nil), assets().files...) }

// FindAsset is the asset with a hashed name, as it appears in an address.
func FindAsset(name string) (AssetFile, bool) {
	index := assets()
	i, ok := index.byName[name]
	if !ok {
		return AssetFile{}, false
	}
	return index.files[i], true
}
