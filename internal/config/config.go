// Package config reads pult.ini and the environment, and says where the data lie.
//
// Every line of pult.ini is read by go-configparser, one at a time. Given the whole file it cannot do what its
// readers need: it stops at its first error, gives the number of a line in one of its errors only, passes over lines
// that are neither heading nor setting, keeps the last of two settings with the same name, puts the settings of a
// repeated section into the section above it, and reads the rest of a line longer than 4,096 bytes as a line of its
// own. It knows neither the mark that some editors begin a file with nor any encoding. A mistyped key would so
// silently stay at its default. Therefore counting the lines, remembering which headings and keys were there, and
// saying everything that is wrong at once, each with its line, is done here.
//
//	config.go       the configuration, the vocabulary of keys, Load
//	ini.go          the lines of pult.ini
//	environment.go  the variables PULT_…
//	values.go       what each value may be
//	fault.go        what is wrong, and in which line
//	folder.go       where pult.ini and the data lie
package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"pult/domain"
	"slices"
	"time"
)

// Config is everything pult.ini and the environment can say. A shop changes
// its daily matters in the settings pages; what is here must be known before
// the store is open. Default gives the values of a program without a file.
type Config struct {
	Server Server
	Public Public
	Data   Data
	UI     UI
	Log    Log
	Limits Limits

	Network Network
}

// Server is [server]: the listener that the operators use.
type Server struct {
	Listen       string   // host:port; port 0 lets the system choose
	OpenBrowser  bool     // open the desk in a browser once it serves
	AllowedHosts []string // Host names accepted besides loopback, lower case, no port
	// HTTPS: people reach it by https, through a proxy; cookies are marked Secure and addresses begin with https.
	HTTPS bool
}

// Public is [public]: the listener that strangers and vendors may reach.
type Public struct {
	Listen       string        // host:port; port 0 lets the system choose
	URL          domain.Origin // put into webhook addresses; zero when unknown
	AllowedHosts []string      // Host names accepted besides that of URL, lower case, no port
	// TrustedProxies are peers whose word on the client's address is believed; from all others the connection's own
	// address counts.
	TrustedProxies []netip.Prefix
}

// Data is [data].
type Data struct {
	Dir string // as written; empty lets DataDir decide
}

// UI is [ui].
type UI struct {
	Language string // fr, cs or en; empty follows each reader's browser
	Company  string // name proposed on the set-up page
}

// Log is [log].
type Log struct {
	Level  slog.Level
	Format string // text or json
}

// Network is [network]: where the program itself connects to.
type Network struct {
	// AllowPrivate: servers typed in the settings may stand on the local network, and not only on the internet or on
	// this machine.
	AllowPrivate bool
}

// Limits is [limits].
type Limits struct {
	WebhookBody   int64         // largest webhook body accepted, in bytes
	Attachment    int64         // largest single attachment kept, in bytes
	FreeDiskFloor int64         // below this many free bytes nothing new is taken in
	SessionLife   time.Duration // a sign-in ends after this, used or not
	SessionIdle   time.Duration // a sign-in unused for this long ends
}

// Default is the configuration of a program with neither pult.ini nor
// environment. docs/pult.ini.example shows the same values, and a test compares.
func Default() Config {
	return Config{
		Server: Server{Listen: "127.0.0.1:7858", OpenBrowser: true},
		Public: Public{Listen: "127.0.0.1:7859"},
		Log:    Log{Level: slog.LevelInfo, Format: "text"},
		Limits: Limits{
			WebhookBody:   4 << 20,
			Attachment:    100 << 20,
			FreeDiskFloor: 512 << 20,
			SessionLife:   14 * 24 * time.Hour,
			SessionIdle:   8 * time.Hour,
		},
	}
}

// key is one line that pult.ini may hold. set stores a written value,
// or returns an error that says what is wrong and what to write instead.
type key struct {
	section, name string
	set           func(c *Config, value string) error
}

// keys is the whole vocabulary; a key that is not here is refused.
var keys = []key{
	{"server", "listen", func(c *Config, v string) error { return setAddress(&c.Server.Listen, v) }},
	{"server", "open_browser", func(c *Config, v string) error { return setBool(&c.Server.OpenBrowser, v) }},
	{"server", "allowed_hosts", func(c *Config, v string) error { return setHosts(&c.Server.AllowedHosts, v) }},
	{"server", "https", func(c *Config, v string) error { return setBool(&c.Server.HTTPS, v) }},

	{"public", "listen", func(c *Config, v string) error { return setAddress(&c.Public.Listen, v) }},
	{"public", "url", func(c *Config, v string) error { return setOrigin(&c.Public.URL, v) }},
	{"public", "allowed_hosts", func(c *Config, v string) error { return setHosts(&c.Public.AllowedHosts, v) }},
	{"public", "trusted_proxies", func(c *Config, v string) error { return setPrefixes(&c.Public.TrustedProxies, v) }},

	{"data", "dir", func(c *Config, v string) error { return setText(&c.Data.Dir, v) }},

	{"ui", "language", func(c *Config, v string) error { return setChoice(&c.UI.Language, v, "", "fr", "cs", "en") }},
	{"ui", "company", func(c *Config, v string) error { return setText(&c.UI.Company, v) }},

	{"log", "level", func(c *Config, v string) error { return setLevel(&c.Log.Level, v) }},
	{"log", "format", func(c *Config, v string) error { return setChoice(&c.Log.Format, v, "text", "json") }},

	{"network", "allow_private", func(c *Config, v string) error { return setBool(&c.Network.AllowPrivate, v) }},

	{
		"limits",
		"webhook_body_bytes",
		func(c *Config, v string) error { return setBytes(&c.Limits.WebhookBody, v, 1<<10, 256<<20) },
	},
	{
		"limits",
		"attachment_bytes",
		func(c *Config, v string) error { return setBytes(&c.Limits.Attachment, v, 1<<10, 4<<30) },
	},
	{
		"limits",
		"free_disk_floor_bytes",
		func(c *Config, v string) error { return setBytes(&c.Limits.FreeDiskFloor, v, 1<<20, 1<<40) },
	},
	{
		"limits",
		"sessions_days",
		func(c *Config, v string) error { return setSpan(&c.Limits.SessionLife, v, 24*time.Hour, 365) },
	},
	{
		"limits",
		"session_idle_hours",
		func(c *Config, v string) error { return setSpan(&c.Limits.SessionIdle, v, time.Hour, 24*30) },
	},
}

// Set stores one value as pult.ini would, for flags that stand in for a key
// (-listen, -public). The error says what is wrong and what to write instead.
func (c *Config) Set(section, key, value string) error {
	found, ok := findKey(section, key)
	if !ok {
		return fmt.Errorf("unknown key [%s] %s", section, key)
	}
	return found.set(c, value)
}

func findKey(section, name string) (key, bool) {
	for _, k := range keys {
		if k.section == section && k.name == name {
			return k, true
		}
	}
	return key{}, false
}

func sectionNames() []string {
	var names []string
	for _, k := range keys {
		if !slices.Contains(names, k.section) {
			names = append(names, k.section)
		}
	}
	return names
}

func keyNames(section string) []string {
	var names []string
	for _, k := range keys {
		if k.section == section {
			names = append(names, k.name)
		}
	}
	return names
}

// Load reads the file at path, or none when path is empty, then lets
// variables PULT_<SECTION>_<KEY> of environ (in the form of os.Environ)
// override single keys. Whatever is wrong in either comes back together as
// Faults; a file that cannot be read is an error of its own. With an
// error the Config is empty and must not be used.
func Load(path string, environ []string) (Config, error) {
	text, err := readText(path)
	if err != nil {
		return Config{}, err
	}
	written, err := readFile(text)
	if err != nil {
		return Config{}, err
	}
	cfg := Default()
	faults := append(written.faults, written.apply(&cfg)...)
	faults = append(faults, applyEnvironment(&cfg, environ, written.origin)...)
	faults = append(faults, findConflicts(cfg, written.origin)...)
	if len(faults) > 0 {
		faults.sortByLine()
		return Config{}, faults
	}
	return cfg, nil
}

func readText(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("config: %w", err)
	}
	return string(text), nil
}

// findConflicts finds values that are right alone and wrong together.
func findConflicts(cfg Config, origin origins) Faults {
	var faults Faults
	if cfg.Server.Listen == cfg.Public.Listen && !hasPortZero(cfg.Public.Listen) {
		faults = append(faults, origin.faultAt("public", "listen",
			fmt.Sprintf("%s is the address of [server] listen too; write another port", cfg.Public.Listen)))
	}
	if cfg.Limits.SessionIdle > cfg.Limits.SessionLife {
		faults = append(faults, origin.faultAt("limits", "session_idle_hours",
			fmt.Sprintf("longer than sessions_days allows; write at most %d", int(cfg.Limits.SessionLife.Hours()))))
	}
	return faults
}
