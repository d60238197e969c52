package journey_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// requireNginx makes a missing nginx a failure.
const requireNginx = "PULT_REQUIRE_NGINX"

// nginxConf is what people write who put it in front of a desk and read nothing about streams: HTTP/1.1 towards the
// browser, buffering as it is by default.
const nginxConf = `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	server {
		listen %s;
		location / {
			proxy_pass %s;
			proxy_set_header Host $http_host;
		}
	}
}
`

// newNginx puts nginx in front of an address of the desk, where a relay would stand.
func newNginx(t *testing.T, address string) (front string) {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		path = "/usr/sbin/nginx"
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv(requireNginx) != "" {
			t.Fatalf("no nginx, and %s forbids to go without", requireNginx)
		}
		t.Skip("no nginx: nothing is tested behind a proxy that buffers")
	}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	listen := net.JoinHostPort(relayHost, port)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), fmt.Appendf(nil, nginxConf, listen, address), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-p", dir, "-c", "nginx.conf", "-e", "stderr")
	var printed strings.Builder
	cmd.Stderr = &printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", listen)
		if err == nil {
			_ = conn.Close()
			return "http://" + listen
		}
		if time.Now().After(end) {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			t.Fatalf("nginx does not listen: %v\n%s", err, printed.String())
		}
	}
}

func TestLive_BehindNginxThatBuffers_NewsComeAtOnce(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo := launch(t, behindRelay, "-demo", "-data", t.TempDir())
			v := newVisitor(t)
			v.signIn(demo.desk)
			d := newDesktop(t, e.open, newNginx(t, demo.desk))
			pages := []tab{d.signIn(tom), d.show(chatOf(t, v, demo, lucieName))}
			for i := range 3 {
				d.within(atOnce, "the message is seen", shows(tell(t, demo, lucie, fmt.Sprintf("Through the proxy, %d", i))), pages...)
			}
			d.acts(pages...)
		})
	}
}
