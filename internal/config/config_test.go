package config

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"pult/domain"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// writeFile makes a file with its folders, and returns its path.
func writeFile(t *testing.T, text string, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, text string, environ ...string) (Config, error) {
	t.Helper()
	return Load(writeFile(t, text, t.TempDir(), "pult.ini"), environ)
}

func origin(t *testing.T, text string) domain.Origin {
	t.Helper()
	o, err := domain.ParseOrigin(text)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestLoad_NoFileGivesDefaults(t *testing.T) {
	got, err := Load("", []string{"PATH=/bin", "PULT_DEMO_TWILIO_URL=http://127.0.0.1:1", "PULT_REQUIRE_BROWSER=1"})
	if err != nil {
		t.Fatal(err)
	}
	if want := Default(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLoad_MissingFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nowhere.ini")
	_, err := Load(path, nil)
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want a not-exist error naming %s", err, path)
	}
}

func TestLoad_EveryKeyIsRead(t *testing.T) {
	got, err := load(t, "\ufeff# first line behind a byte order mark\r\n"+`
; another kind of remark
[server]
listen = [::1]:0
open_browser=no
  allowed_hosts = Desk.Shop.example, 192.168.1.20 fe80::1
[public]
listen = :7000
url = https://Hooks.shop.example:8443/
allowed_hosts = hooks2.shop.example
trusted_proxies = 127.0.0.1, 10.0.0.0/8, 2001:db8::/32
[data]
dir = ../desk #1: data
[ui]
language = cs
company = Květiny %(dir)s [u Nováků] = 100 %
[log]
level = debug
format = json
[limits]
webhook_body_bytes = 1MiB
attachment_bytes = 2 GiB
free_disk_floor_bytes = 2097152
sessions_days = 2
session_idle_hours = 48
`)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Server: Server{Listen: "[::1]:0", AllowedHosts: []string{"desk.shop.example", "192.168.1.20", "fe80::1"}},
		Public: Public{
			Listen: ":7000", URL: origin(t, "https://hooks.shop.example:8443"), AllowedHosts: []string{"hooks2.shop.example"},
			TrustedProxies: []netip.Prefix{
				netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32"),
			},
		},
		Data: Data{Dir: "../desk #1: data"},
		UI:   UI{Language: "cs", Company: "Květiny %(dir)s [u Nováků] = 100 %"},
		Log:  Log{Level: slog.LevelDebug, Format: "json"},
		Limits: Limits{
			WebhookBody: 1 << 20, Attachment: 2 << 30, FreeDiskFloor: 2 << 20,
			SessionLife: 48 * time.Hour, SessionIdle: 48 * time.Hour,
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestLoad_EnvironmentWins(t *testing.T) {
	got, err := load(t, "[server]\nlisten = 127.0.0.1:1\n[public]\nurl = https://a.example\n",
		"PULT_SERVER_LISTEN=127.0.0.1:2", "PULT_PUBLIC_URL=", "PULT_LIMITS_SESSIONS_DAYS=3")
	if err != nil {
		t.Fatal(err)
	}
	if got.Server.Listen != "127.0.0.1:2" || !got.Public.URL.IsZero() || got.Limits.SessionLife != 72*time.Hour {
		t.Errorf("got %+v, want listen 127.0.0.1:2, no url, sessions of 72h", got)
	}
}

// Every key must be within reach of the environment, under the documented name.
func TestLoad_EveryKeyHasItsVariable(t *testing.T) {
	for _, k := range keys {
		const senseless = "\x01"
		_, err := Load("", []string{variableName(k.section, k.name) + "=" + senseless})
		var faults Faults
		text := k.section == "data" || k.name == "company" // any words are right there
		if text != (err == nil) || !text && (!errors.As(err, &faults) || faults[0].Key != k.name) {
			t.Errorf("%s: got error %v", variableName(k.section, k.name), err)
		}
	}
}

func TestLoad_AllFaultsAtOnce(t *testing.T) {
	_, err := load(t, `early = 1
[server]
lisen = 127.0.0.1:7858
listen = 7858
open_browser = perhaps
just words
open_browser = true
[srever]
listen = 1
[server]
allowed_hosts = x
[log
[public]
listen = 127.0.0.1:99999
zzz = 1
[limits]
webhook_body = 1
sessions_days = 1
`, "PULT_LOG_LEVEL=loud", "PULT_LOG_LEVLE=info", "PULT_LIMITS_SESSION_IDLE_HOURS=25")
	want := []string{
		`line 1: "early" stands before any section; write a heading such as [server] above it`,
		`line 3: [server] lisen: unknown key; did you mean "listen"?`,
		`line 4: [server] listen: "7858" is not an address; write host:port, for example 127.0.0.1:7858 or [::1]:7858`,
		`line 5: [server] open_browser: "perhaps" is neither true nor false; write true or false`,
		`line 6: [server]: "just words" is not a setting; write key = value`,
		`line 7: [server] open_browser: stands already at line 5; remove one of the two`,
		`line 8: unknown section [srever]; did you mean "server"?`,
		`line 10: section [server] stands already at line 2; move these keys there`,
		`line 12: the heading does not end with ]; write [log] alone on the line`,
		`line 14: [public] listen: "99999" is not a port; write a number from 0 to 65535`,
		`line 15: [public] zzz: unknown key; known are listen, url, allowed_hosts, trusted_proxies`,
		`line 17: [limits] webhook_body: unknown key; did you mean "webhook_body_bytes"?`,
		`environment: PULT_LOG_LEVEL: "loud" is not a level; write debug, info, warn or error`,
		`environment: PULT_LOG_LEVLE: unknown variable; did you mean "PULT_LOG_LEVEL"?`,
		`environment: PULT_LIMITS_SESSION_IDLE_HOURS: longer than sessions_days allows; write at most 24`,
	}
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want Faults", err)
	}
	if got := strings.Split(faults.Error(), "\n"); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoad_UnreadableLineIsRefused(t *testing.T) {
	cases := map[string]string{
		"other encoding": "[ui]\ncompany = Kv\xectiny\n",
		"two bytes each": "[ui]\ncompany = \x00K\x00v\n",
		"longest line":   "[ui]\ncompany = " + strings.Repeat("x", longestLine) + "\n",
	}
	for name, text := range cases {
		_, err := load(t, text)
		var faults Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Line != 2 {
			t.Errorf("%s: got %v, want one fault at line 2", name, err)
		}
	}
}

// A remark may hold anything, and what the parser would read into half a line is refused.
func TestLoad_RemarksAreNotJudged(t *testing.T) {
	long := "; " + strings.Repeat("x", longestLine) + "\n# Kv\xectiny\n"
	if got, err := load(t, long); err != nil || !reflect.DeepEqual(got, Default()) {
		t.Errorf("remarks: got %+v, %v; want the defaults", got, err)
	}
	for _, line := range []string{"= listen = 127.0.0.1:1", "= 1", "="} {
		_, err := load(t, "[server]\n"+line+"\n")
		if err == nil || !strings.Contains(err.Error(), "is not a setting") {
			t.Errorf("%q: got %v, want that it is not a setting", line, err)
		}
	}
}

// A value is all that stands behind the first equals sign, another one too.
func TestLoad_ValueMayBeginWithAnEqualsSign(t *testing.T) {
	for line, want := range map[string]string{"company == Shop": "= Shop", "company = = Shop": "= Shop", "company === a = b": "== a = b"} {
		if got, err := load(t, "[ui]\n"+line+"\n"); err != nil || got.UI.Company != want {
			t.Errorf("%q: got %q, %v; want %q", line, got.UI.Company, err, want)
		}
	}
	_, err := load(t, "[server]\nlisten == 127.0.0.1:1\n")
	if err == nil || !strings.Contains(err.Error(), "line 2: [server] listen: ") {
		t.Errorf("address: got %v, want a fault at line 2", err)
	}
}

func TestLoad_HeadingWithoutNameIsShownAlone(t *testing.T) {
	_, err := load(t, "[] ; mine\n")
	if want := "line 1: the heading does not end with ]; write [] alone on the line"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLoad_SameAddressTwice(t *testing.T) {
	_, err := load(t, "[public]\n\nlisten = 127.0.0.1:7858\n")
	if err == nil || !strings.HasPrefix(err.Error(), "line 3: [public] listen: ") {
		t.Errorf("got %v, want a fault at line 3", err)
	}
	if _, err := load(t, "[server]\nlisten = 127.0.0.1:0\n[public]\nlisten = 127.0.0.1:0\n"); err != nil {
		t.Errorf("two ports chosen by the system: got %v, want none", err)
	}
}

func TestConfigSet_RefusesWrongValues(t *testing.T) {
	refused := map[[2]string][]string{
		{"server", "listen"}:         {"", "localhost", "127.0.0.1:", "127.0.0.1:-1", "a b:1", "::1:7858", "http://x:1"},
		{"server", "open_browser"}:   {"", "2"},
		{"network", "allow_private"}: {"", "2"},
		{"server", "allowed_hosts"}:  {"https://a.example", "a.example:80", "*.example", "-a"},
		{"public", "url"}: {
			"hooks.example",
			"ftp://a.example",
			"https://",
			"https://u:p@a.example",
			"https://a.example/x",
			"https://a.example?",
			"https://a.example#x",
			"https://a.example:0",
			"https://a.example:99999",
			"https://a.example:",
			"https://a b",
		},
		{"public", "trusted_proxies"}:       {"proxy.example", "10.0.0.7/8", "10.0.0.0/33", "fe80::1%eth0"},
		{"ui", "language"}:                  {"de", "FR"},
		{"log", "level"}:                    {"", "INFO", "warning"},
		{"log", "format"}:                   {"", "xml"},
		{"limits", "webhook_body_bytes"}:    {"", "0", "-1", "1.5MiB", "4MB", "1GiB", "9999999999999999999"},
		{"limits", "sessions_days"}:         {"", "0", "-1", "366", "1.5", "two"},
		{"limits", "session_idle_hours"}:    {"0", "721"},
		{"limits", "attachment_bytes"}:      {"1", "999999999999999999GiB"},
		{"limits", "free_disk_floor_bytes"}: {"0", "2048GiB"},
		{"nowhere", "listen"}:               {"127.0.0.1:1"},
	}
	for key, values := range refused {
		for _, value := range values {
			cfg := Default()
			if err := cfg.Set(key[0], key[1], value); err == nil {
				t.Errorf("[%s] %s = %q: accepted, want an error", key[0], key[1], value)
			}
			if want := Default(); !reflect.DeepEqual(cfg, want) {
				t.Errorf("[%s] %s = %q: changed the configuration to %+v", key[0], key[1], value, cfg)
			}
		}
	}
}

var exampleKey = regexp.MustCompile(`(?m)^;(\w+) =`)

func TestExampleFile_ShowsEveryKeyWithItsDefault(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "pult.ini.example"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := load(t, string(text)); err != nil || !reflect.DeepEqual(got, Default()) {
		t.Errorf("as it stands: got %+v, %v; want the defaults", got, err)
	}
	plain := exampleKey.ReplaceAllString(string(text), "$1 =")
	var missing []string
	written, err := readFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if written.origin[keyName{k.section, k.name}] == 0 {
			missing = append(missing, k.section+"."+k.name)
		}
	}
	if len(written.faults) > 0 || len(missing) > 0 {
		t.Fatalf("faults %v, keys not shown %v; want none", written.faults, missing)
	}
	var got Config
	if faults := written.apply(&got); len(faults) > 0 {
		t.Fatalf("faults %v; want none", faults)
	}
	if want := Default(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func noHome() (string, error) { return "", errors.New("no home") }

func TestDefaultFile(t *testing.T) {
	root := t.TempDir()
	home := func() (string, error) { return filepath.Join(root, "home"), nil }
	beside := writeFile(t, "", root, "stick", "pult.ini")
	own := writeFile(t, "", root, "home", "pult", "pult.ini")
	cases := []struct {
		name string
		exe  string
		home func() (string, error)
		want string
	}{
		{"beside the binary", filepath.Join(root, "stick", "pult"), home, beside},
		{"in the user's folder", filepath.Join(root, "bin", "pult"), home, own},
		{"nowhere", filepath.Join(root, "bin", "pult"), func() (string, error) { return filepath.Join(root, "empty"), nil }, ""},
		{"no user's folder", filepath.Join(root, "bin", "pult"), noHome, ""},
	}
	for _, c := range cases {
		if got := DefaultFile(c.exe, c.home); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDataDir(t *testing.T) {
	root := t.TempDir()
	home := func() (string, error) { return filepath.Join(root, "home"), nil }
	writeFile(t, "", root, "stick", "pult.ini")
	writeFile(t, "", root, "used", "data", "MANIFEST")
	writeFile(t, "", root, "odd", "data")
	exe := func(folder string) string { return filepath.Join(root, folder, "pult") }
	ini := filepath.Join(root, "etc", "pult.ini")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		hints FolderHints
		dir   string
		want  string
	}{
		{"flag wins", FolderHints{Flag: filepath.Join(root, "f"), ConfigFile: ini, Exe: exe("stick")}, "x", filepath.Join(root, "f")},
		{"relative flag is from here", FolderHints{Flag: "f", ConfigFile: ini, Exe: exe("stick")}, "", filepath.Join(here, "f")},
		{"key, absolute", FolderHints{ConfigFile: ini, Exe: exe("stick")}, filepath.Join(root, "k"), filepath.Join(root, "k")},
		{"key, relative to the file", FolderHints{ConfigFile: ini, Exe: exe("stick")}, "../k", filepath.Join(root, "k")},
		{"key from the environment, no file", FolderHints{Exe: exe("stick")}, "k", filepath.Join(here, "k")},
		{"pult.ini beside the binary", FolderHints{Exe: exe("stick")}, "", filepath.Join(root, "stick", "data")},
		{"data beside the binary", FolderHints{Exe: exe("used")}, "", filepath.Join(root, "used", "data")},
		{"a file named data is no folder", FolderHints{Exe: exe("odd")}, "", filepath.Join(root, "home", "pult")},
		{"user's folder", FolderHints{Exe: exe("bin")}, "", filepath.Join(root, "home", "pult")},
	}
	for _, c := range cases {
		c.hints.UserConfigDir = home
		got, err := DataDir(c.hints, Config{Data: Data{Dir: c.dir}})
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestDataDir_NoPlaceSaysWhatToDo(t *testing.T) {
	got, err := DataDir(FolderHints{Exe: filepath.Join(t.TempDir(), "pult"), UserConfigDir: noHome}, Config{})
	if err == nil || !strings.Contains(err.Error(), "-data") {
		t.Errorf("got %q, %v; want an error that names -data", got, err)
	}
}
