package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// program is a server in a process of its own, so that what it costs is told apart from what its clients cost.
type program struct {
	name         string
	desk, public string // addresses, http://127.0.0.1:…
	cmd          *exec.Cmd

	mu          sync.Mutex
	collections int // garbage collections so far; guarded by mu
	heap        int // live heap after the last of them, MB; guarded by mu
	stacks      int // and the stacks, MB; guarded by mu
}

// collected is what the runtime writes at each collection (GODEBUG=gctrace=1): any Go program can be asked, old ones too.
var collected = regexp.MustCompile(`^gc \d+ @.*->(\d+) MB, \d+ MB goal, (\d+) MB stacks`)

const readyWithin = time.Minute

// startProgram starts a server that says where it listens in a line of JSON with the message "ready".
func startProgram(name, path string, args ...string) (*program, error) {
	p := &program{name: name, cmd: exec.Command(path, args...)}
	p.cmd.Env = append(os.Environ(),
		"GODEBUG=gctrace=1", "PULT_LOG_FORMAT=json", "PULT_LOG_LEVEL=info", "PULT_SERVER_ALLOWED_HOSTS="+counterHost)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	ready, ended := make(chan struct{}), make(chan struct{})
	go p.read(out, ready, ended)
	select {
	case <-ready:
		return p, nil
	case <-ended:
		err = errors.New("it ended before it was ready")
	case <-time.After(readyWithin):
		err = errors.New("it did not get ready")
	}
	p.stop()
	return nil, fmt.Errorf("%s: %w", path, err)
}

func (p *program) read(out io.Reader, ready, ended chan<- struct{}) {
	defer close(ended)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct{ Msg, Desk, Public string }
		if m := collected.FindStringSubmatch(lines.Text()); m != nil {
			p.mu.Lock()
			p.collections++
			p.heap, _ = strconv.Atoi(m[1])
			p.stacks, _ = strconv.Atoi(m[2])
			p.mu.Unlock()
		} else if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "ready" && p.desk == "" {
			p.desk, p.public = line.Desk, line.Public
			close(ready)
		}
	}
}

// stop ends the program as a person does.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	ended := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-ended
	}
}

// meter is what a program has used so far.
type meter struct {
	cpu         time.Duration
	collections int
}

// clockTick is the unit of the kernel's accounting of processes.
const clockTick = 10 * time.Millisecond

func (p *program) readMeter() meter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return meter{cpuOf(p.cmd.Process.Pid), p.collections}
}

// cpuOf reads how long a process has computed; 0 where the system does not tell.
func cpuOf(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(b), ") ") // the name before it may hold spaces
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick
}

// memory is the heap that lives and the stacks after the newest collection, and what the system counts, in kB.
func (p *program) memory() (heapAndStacks, rss int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return (p.heap + p.stacks) * 1000, memoryOfProcess(p.cmd.Process.Pid, "VmRSS")
}
