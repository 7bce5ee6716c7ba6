package paper

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// Bounds of one document.
const (
	patience  = 20 * time.Second
	pageMost  = 1 << 20
	documents = 2        // at a time
	saidMost  = 24 << 20 // of one answer of the browser, in bytes
)

// ErrBusy is returned when as many documents are made as can be.
var ErrBusy = errors.New("other documents are being made")

// Press makes documents.
type Press struct {
	browser string
	slots   chan struct{}
}

// New makes a press with the browser at a path. It fails when nothing there can
// be run.
func New(browser string) (*Press, error) {
	path, err := exec.LookPath(browser)
	if err != nil {
		return nil, fmt.Errorf("the browser that makes documents: %w", err)
	}
	return &Press{browser: path, slots: make(chan struct{}, documents)}, nil
}

// look is how documents look. It is put into the page here: what is served to
// people has no style in itself, by its content security policy.
//
//go:embed look.css
var look string

// flags keep the browser by itself: nothing is fetched, kept or reported.
func flags(profile string) []string {
	out := []string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--incognito", "--disk-cache-dir=/dev/null", "--disable-dev-shm-usage",
		"--proxy-server=http://127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-extensions", "--disable-default-apps", "--disable-breakpad", "--disable-crash-reporter", "--disable-gpu", "--no-first-run",
		"--no-default-browser-check", "--no-pings", "--password-store=basic", "--use-mock-keychain", "--lang=en-GB",
	}
	if os.Geteuid() == 0 {
		out = append(out, "--no-sandbox") // Chromium refuses to run as root with it; the page is ours and runs no script
	}
	return append(out, "about:blank")
}

// PDF makes a tagged document of a page that is whole by itself.
func (p *Press) PDF(ctx context.Context, page []byte) (_ []byte, err error) {
	if len(page) > pageMost {
		return nil, errors.New("the page is too long for a document")
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	default:
		return nil, ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	profile, err := os.MkdirTemp("", "wm-") // 0700
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove(profile)) }()
	l, err := begin(ctx, p.browser, profile)
	if err != nil {
		return nil, err
	}
	document, err := l.print(bytes.Replace(page, []byte("</head>"), []byte("<style>"+look+"</style></head>"), 1))
	cancel() // ends the browser
	l.end()
	if err == nil && !bytes.HasPrefix(document, []byte("%PDF-")) {
		err = errors.New("what the browser made is no document")
	}
	return document, err
}

// remove takes the profile away. Helpers of the browser may write into it while
// they end.
func remove(dir string) (err error) {
	for range 50 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// line is the connection to a browser.
type line struct {
	cmd     *exec.Cmd
	to      *os.File
	from    *os.File
	read    *bufio.Reader
	session string
	n       int
}

func begin(ctx context.Context, browser, profile string) (*line, error) {
	theirsIn, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, theirsOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirsIn.Close(), to.Close())
	}
	cmd := exec.CommandContext(ctx, browser, flags(profile)...) //nolint:gosec // the operator named the program when the service was started
	cmd.ExtraFiles = []*os.File{theirsIn, theirsOut}            // 3 and 4, as Chromium has them
	cmd.Env = []string{"HOME=" + profile, "TMPDIR=" + profile, "XDG_CONFIG_HOME=" + profile, "XDG_CACHE_HOME=" + profile, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	cmd.WaitDelay = 2 * time.Second
	err = cmd.Start()
	err = errors.Join(err, theirsIn.Close(), theirsOut.Close())
	if err != nil {
		return nil, errors.Join(err, to.Close(), from.Close())
	}
	l := &line{cmd: cmd, to: to, from: from, read: bufio.NewReader(io.LimitReader(from, saidMost))}
	// Whoever waits for an answer of a browser that has ended waits no longer.
	context.AfterFunc(ctx, func() { _, _ = to.Close(), from.Close() })
	return l, nil
}

func (l *line) end() {
	_, _ = l.to.Close(), l.from.Close()
	_ = l.cmd.Wait() // it was ended
}

// ask sends a command and waits for its answer.
func (l *line) ask(method string, params, into any) error {
	l.n++
	said, err := json.Marshal(struct {
		ID      int    `json:"id"`
		Method  string `json:"method"`
		Params  any    `json:"params,omitempty"`
		Session string `json:"sessionId,omitempty"`
	}{l.n, method, params, l.session})
	if err != nil {
		return err
	}
	if _, err := l.to.Write(append(said, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	for {
		text, err := l.read.ReadBytes(0)
		if err != nil {
			return fmt.Errorf("%s: the browser does not answer: %w", method, err)
		}
		var answer struct {
			ID     int             `json:"id"`
			Result json.RawMessage `json:"result"`
			Error  *struct {
				Message string `json:"message"`
			} `json:"error"`
		}
		if err := json.Unmarshal(text[:len(text)-1], &answer); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		switch {
		case answer.ID != l.n: // something that happened
		case answer.Error != nil:
			return fmt.Errorf("%s: %s", method, answer.Error.Message)
		case into == nil:
			return nil
		default:
			return json.Unmarshal(answer.Result, into)
		}
	}
}

type object map[string]any

// print has the page laid out and printed.
func (l *line) print(page []byte) ([]byte, error) {
	var target struct {
		ID string `json:"targetId"`
	}
	if err := l.ask("Target.createTarget", object{"url": "about:blank"}, &target); err != nil {
		return nil, err
	}
	var attached struct {
		Session string `json:"sessionId"`
	}
	if err := l.ask("Target.attachToTarget", object{"targetId": target.ID, "flatten": true}, &attached); err != nil {
		return nil, err
	}
	l.session = attached.Session
	if err := l.ask("Emulation.setScriptExecutionDisabled", object{"value": true}, nil); err != nil {
		return nil, err
	}
	var tree struct {
		FrameTree struct {
			Frame struct {
				ID string `json:"id"`
			} `json:"frame"`
		} `json:"frameTree"`
	}
	if err := l.ask("Page.getFrameTree", nil, &tree); err != nil {
		return nil, err
	}
	if err := l.ask("Page.setDocumentContent", object{"frameId": tree.FrameTree.Frame.ID, "html": string(page)}, nil); err != nil {
		return nil, err
	}
	var printed struct {
		Data []byte `json:"data"`
	}
	err := l.ask("Page.printToPDF", object{"generateTaggedPDF": true, "preferCSSPageSize": true, "printBackground": false, "displayHeaderFooter": false}, &printed)
	return printed.Data, err
}
