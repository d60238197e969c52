package app

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/cli/browser"

	"pult/internal/config"
)

// program is what every command needs.
type program struct {
	in     Invocation
	flags  flags
	config config.Config
	folder folder
	log    *slog.Logger
}

// newProgram reads the configuration, lets flags override it, and finds the data folder.
func newProgram(in Invocation, f flags) (*program, error) {
	exe, err := findExecutable()
	if err != nil {
		return nil, err
	}
	file := f.config
	if file == "" {
		file = config.DefaultFile(exe, os.UserConfigDir)
	}
	cfg, err := config.Load(file, in.Environ)
	if err != nil {
		return nil, err
	}
	if err := overrideConfig(&cfg, f); err != nil {
		return nil, err
	}
	data, err := findFolder(f, cfg, config.FolderHints{
		Flag: f.data, ConfigFile: file, Exe: exe, UserConfigDir: os.UserConfigDir,
	})
	if err != nil {
		return nil, err
	}
	return &program{in: in, flags: f, config: cfg, folder: data, log: newLogger(cfg.Log, in.Stderr)}, nil
}

// overrideConfig puts flags that stand in for a key in its place.
func overrideConfig(cfg *config.Config, f flags) error {
	for _, override := range []struct{ flag, section, value string }{
		{"-listen", "server", f.listen},
		{"-public", "public", f.public},
	} {
		if override.value == "" {
			continue
		}
		if err := cfg.Set(override.section, "listen", override.value); err != nil {
			return fmt.Errorf("%s: %w", override.flag, err)
		}
	}
	return nil
}

func findExecutable() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the program's own file: %w", err)
	}
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		return real, nil
	}
	return exe, nil
}

func newLogger(c config.Log, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// openBrowser shows an address in a browser, where there is a screen and nobody has forbidden it.
func (p *program) openBrowser(url string) error {
	if p.flags.noBrowser || !isOnDesktop(p.in.Environ) {
		return nil
	}
	return browser.OpenURL(url)
}

// isOnDesktop reports whether there is a screen to open a browser on.
func isOnDesktop(environ []string) bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); (name == "DISPLAY" || name == "WAYLAND_DISPLAY") && value != "" {
			return true
		}
	}
	return false
}
