"""
Drives most of what docker-py offers against one engine, and prints what came back as JSON: a list of [step, result] in which
all that differs from run to run (ids, times, addresses) is replaced. Two runs on the same engine, by two ways, print the same.

Environment: BASE_URL, PREFIX (of all names), NET (the first three numbers of a free range of addresses).
"""
import io
import json
import os
import re
import sys
import tarfile
import time

import docker
from docker import errors, types

BASE_URL = os.environ['BASE_URL']
PREFIX = os.environ['PREFIX']
NET = os.environ['NET']
IMAGE = 'busybox:latest'
STEPS = []

# What tells of the state of the whole machine, or of a moment.
MOMENTARY = {
    'Pid', 'SystemTime', 'NFd', 'NGoroutines', 'NEventsListener', 'Containers', 'ContainersRunning', 'ContainersPaused',
    'ContainersStopped', 'Images', 'DriverStatus', 'MemFree', 'LayersSize', 'Size', 'SharedSize', 'UsageData', 'VirtualSize',
    'BuildCache', 'read', 'preread', 'cpu_stats', 'precpu_stats', 'memory_stats', 'blkio_stats', 'pids_stats', 'networks',
    'storage_stats', 'num_procs', 'time', 'timeNano', 'Created', 'created', 'StartedAt', 'FinishedAt', 'CreatedAt', 'Start',
    'End', 'LastUpdated', 'LastTagTime', 'SandboxKey', 'EndpointID', 'mtime', 'SpaceReclaimed', 'Status', 'OomKillDisable',
    'IPAddress', 'MacAddress', 'Gateway', 'PublicPort', 'GlobalIPv6Address', 'IPv4Address', 'Subnet', 'HostPort', 'Digest', 'DiskUsage', 'RepoTags', 'Tags',
}


def plain(value, key=None):
    if key in MOMENTARY:
        return '<%s>' % type(value).__name__
    if isinstance(value, dict):
        return {plain(name): plain(one, name) for name, one in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, bytes):
        return plain(value.decode('utf-8', 'replace'))
    if isinstance(value, str):
        value = re.sub(r'\b[0-9a-f]{64}\b', '<id>', value)
        value = re.sub(r'\b[0-9a-f]{12}\b', '<id>', value)
        value = re.sub(r'\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z| \+0000 UTC)?', '<time>', value)
        return value.replace(PREFIX, '<prefix>').replace(NET, '<net>')
    return value


def step(name, work):
    try:
        result = work()
    except errors.BuildError as error:
        result = {'buildError': error.msg}
    except errors.ContainerError as error:
        result = {'containerError': error.exit_status, 'stderr': error.stderr}
    except errors.APIError as error:
        result = {'status': error.status_code, 'explanation': error.explanation}
    STEPS.append([name, plain(result)])


def named(what):
    return '%s-%s' % (PREFIX, what)


def until(ask):
    for _ in range(200):
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError('it did not come to be so')


def archive(files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode='w') as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return data.getvalue()


def names_in(chunks):
    with tarfile.open(fileobj=io.BytesIO(b''.join(chunks))) as tar:
        return sorted(tar.getnames())


def system(client, api):
    step('ping', client.ping)
    step('version', client.version)
    step('info', client.info)
    step('df', lambda: {key: type(value).__name__ for key, value in client.df().items()})
    step('plugins', lambda: [plugin.name for plugin in client.plugins.list()])
    step('plugin that is not there', lambda: client.plugins.get(named('plugin')))
    for what in ('nodes', 'services', 'secrets', 'configs'):
        step('%s without a swarm' % what, lambda what=what: getattr(client, what).list())
    step('swarm without a swarm', api.inspect_swarm)
    step('unlock key without a swarm', api.get_unlock_key)


def images(client, api):
    step('images', lambda: sorted(tag for image in client.images.list() for tag in image.tags if tag == IMAGE))
    step('image', lambda: api.inspect_image(IMAGE))
    step('history', lambda: api.history(IMAGE))
    step('image that is not there', lambda: client.images.get(named('nothing')))
    step('tag', lambda: client.images.get(IMAGE).tag(named('tagged'), tag='one'))
    step('tag with a name that is none', lambda: api.tag(IMAGE, 'UPPER/case'))
    dockerfile = b'FROM busybox:latest\nARG WHO=nobody\nLABEL who=$WHO\nCOPY greeting /greeting\nRUN cat /greeting\nCMD cat /greeting\n'
    # Of each run's own: of a layer that two images share, only the removal of the last one tells.
    context = archive({'Dockerfile': dockerfile, 'greeting': b'hello from the context of %s\n' % PREFIX.encode()})

    def build():
        image, log = client.images.build(
            fileobj=io.BytesIO(context), custom_context=True, tag=named('built'), buildargs={'WHO': 'conformance'},
            labels={'prefix': PREFIX}, rm=True, forcerm=True, nocache=True)
        return {'labels': image.labels, 'cmd': image.attrs['Config']['Cmd'], 'log': [line.get('stream', '') for line in log]}
    step('build', build)
    step('build that fails', lambda: client.images.build(
        fileobj=io.BytesIO(archive({'Dockerfile': b'FROM busybox:latest\nRUN exit 3\n'})), custom_context=True, rm=True))
    step('build without a Dockerfile', lambda: client.images.build(
        fileobj=io.BytesIO(archive({'other': b''})), custom_context=True))
    step('images by label', lambda: [image.tags for image in client.images.list(filters={'label': 'prefix=%s' % PREFIX})])
    saved = b''.join(client.images.get(named('built')).save(named=True))
    step('saved', lambda: [name for name in names_in([saved]) if name in ('manifest.json', 'repositories')])
    step('removed', lambda: sorted(key for entry in api.remove_image(named('built')) for key in entry))
    step('loaded', lambda: [image.tags for image in client.images.load(saved)])
    step('imported', lambda: api.import_image_from_data(archive({'file': PREFIX.encode()}), repository=named('imported')))
    step('pull from where nobody is', lambda: api.pull('127.0.0.1:1/%s' % PREFIX, tag='latest'))
    step('removed tag', lambda: client.images.remove(named('tagged') + ':one'))
    step('removed again', lambda: client.images.remove(named('tagged') + ':one'))
    step('dangling', lambda: sorted(client.images.prune({'dangling': True, 'label': 'prefix=%s' % PREFIX})))


def networks(client, api):
    pool = types.IPAMPool(subnet=NET + '.0/24', gateway=NET + '.1')
    made = client.networks.create(
        named('net'), driver='bridge', ipam=types.IPAMConfig(pool_configs=[pool]), labels={'prefix': PREFIX},
        options={'com.docker.network.bridge.enable_icc': 'true'}, internal=True, attachable=False)
    step('network', lambda: api.inspect_network(made.id, verbose=True))
    step('networks', lambda: api.networks(names=[named('net')]))
    step('network of that name again', lambda: client.networks.create(named('net'), check_duplicate=True))
    peer = client.containers.create(IMAGE, ['sleep', '600'], name=named('peer'), stop_signal='KILL')
    step('connected', lambda: made.connect(peer, aliases=['friend'], ipv4_address=NET + '.9'))
    peer.reload()
    step('endpoint', lambda: peer.attrs['NetworkSettings']['Networks'][named('net')]['Aliases'])
    step('connected again', lambda: made.connect(peer))
    step('disconnected', lambda: made.disconnect(peer))
    step('disconnected again', lambda: made.disconnect(peer))
    peer.remove(force=True)
    step('network removed', made.remove)
    step('network that is not there', lambda: client.networks.get(named('net')))
    step('networks pruned', lambda: client.networks.prune({'label': 'prefix=%s' % PREFIX}))


def volumes(client, api):
    step('volume', lambda: client.volumes.create(named('volume'), labels={'prefix': PREFIX}).attrs)
    step('volume again', lambda: api.create_volume(named('volume')))
    step('volumes', lambda: api.volumes(filters={'name': named('volume')}))
    mounted = client.containers.create(IMAGE, ['true'], name=named('mounted'), mounts=[
        types.Mount('/data', named('volume')), types.Mount('/scratch', None, type='tmpfs', tmpfs_size=65536)])
    step('volume in use', lambda: client.volumes.get(named('volume')).remove())
    # The engine's order is that of a map.
    step('mounts', lambda: sorted(api.inspect_container(mounted.id)['Mounts'], key=lambda mount: mount['Destination']))
    mounted.remove()
    step('volume removed', lambda: client.volumes.get(named('volume')).remove())
    step('volume that is not there', lambda: client.volumes.get(named('volume')))
    step('volumes pruned', lambda: client.volumes.prune({'label': 'prefix=%s' % PREFIX}))


def containers(client, api):
    step('run', lambda: client.containers.run(IMAGE, ['echo', 'hello'], name=named('run'), remove=True))
    step('run that fails', lambda: client.containers.run(IMAGE, ['sh', '-c', 'echo no >&2; exit 7'], remove=True, stderr=True))
    step('run of nothing', lambda: client.containers.run(named('nothing'), ['true']))
    step('run of a command that is not there', lambda: client.containers.run(IMAGE, ['/nonexistent'], remove=True))
    main = client.containers.create(
        IMAGE, ['sh', '-c', 'trap "exit 0" TERM; echo out; echo err >&2; touch /made; while true; do sleep 0.1; done'],
        name=named('main'), labels={'prefix': PREFIX, 'role': 'main'}, environment={'A': '1', 'B': 'two words'},
        working_dir='/tmp', hostname='conformance', user='0:0', ports={'80/tcp': None}, mem_limit='64m', cpu_shares=512,
        pids_limit=50, cap_drop=['NET_RAW'], ulimits=[types.Ulimit(name='nofile', soft=64, hard=128)],
        extra_hosts={'friend': '10.9.8.7'}, dns=['10.9.8.6'], restart_policy={'Name': 'on-failure', 'MaximumRetryCount': 2},
        log_config=types.LogConfig(type='json-file', config={'max-size': '1m'}), read_only=False, init=True,
        healthcheck={'test': ['CMD', 'true'], 'interval': 1000000000 * 600}, stop_signal='TERM', tmpfs={'/scratch': 'size=64k'},
        sysctls={'net.ipv4.ip_forward': '0'}, shm_size='1m', group_add=['1'], domainname='example')
    step('created', lambda: api.inspect_container(main.id))
    step('name that is taken', lambda: client.containers.create(IMAGE, name=named('main')))
    step('started', main.start)
    until(lambda: b'err' in main.logs())
    step('started again', main.start)
    step('running', lambda: api.inspect_container(main.id))
    step('listed', lambda: api.containers(filters={'label': 'prefix=%s' % PREFIX}, size=True))
    step('listed by what there is not', lambda: api.containers(filters={'nonsense': 'x'}))
    step('logs', lambda: [main.logs(stderr=False), main.logs(stdout=False), main.logs(stderr=False, tail=10)])
    step('logs with times', lambda: main.logs(timestamps=True, stderr=False))
    step('logs that follow', lambda: next(iter(main.logs(stream=True, follow=True, stderr=False))))
    step('top', lambda: main.top(ps_args='-o comm')['Titles'])
    step('stats', lambda: sorted(main.stats(stream=False)))
    stats = main.stats(stream=True, decode=True)
    step('stats that go on', lambda: [sorted(next(stats)) == sorted(next(stats))])
    stats.close()
    step('changes', lambda: sorted((one['Path'], one['Kind']) for one in main.diff() if one['Path'] == '/made'))
    step('exec', lambda: main.exec_run(['sh', '-c', 'echo a; echo b >&2; exit 5'], demux=True))
    step('exec with settings', lambda: main.exec_run(
        'sh -c "id -u; pwd; echo $C"', environment={'C': 'see'}, workdir='/etc', user='1'))
    step('exec with a terminal', lambda: main.exec_run(['sh', '-c', 'test -t 1 && echo terminal'], tty=True))
    step('exec that streams', lambda: b''.join(main.exec_run(['seq', '5'], stream=True).output))
    step('exec of what is not there', lambda: main.exec_run(['/nonexistent']).exit_code)
    detached = api.exec_create(main.id, ['true'])
    step('exec that nobody waits for', lambda: api.exec_start(detached['Id'], detach=True))
    until(lambda: not api.exec_inspect(detached['Id'])['Running'])
    step('exec inspected', lambda: api.exec_inspect(detached['Id']))
    step('exec that is not there', lambda: api.exec_inspect('0' * 64))
    step('put', lambda: main.put_archive('/tmp', archive({'one': b'first', 'two': b'second'})))
    step('put nowhere', lambda: main.put_archive('/nowhere', archive({'one': b'first'})))

    def got():
        chunks, facts = main.get_archive('/tmp/one')
        return [names_in(chunks), facts['name'], facts['size'], facts['mode']]
    step('got', got)
    step('got from nowhere', lambda: main.get_archive('/nowhere'))
    step('paused', main.pause)
    step('exec in what is paused', lambda: main.exec_run(['true']))
    step('unpaused', main.unpause)
    step('unpaused again', main.unpause)
    step('renamed', lambda: main.rename(named('renamed')))
    step('updated', lambda: main.update(mem_limit='80m', memswap_limit='160m', cpu_shares=256))
    step('updated wrongly', lambda: main.update(cpu_quota=1))
    step('restarted', lambda: main.restart(timeout=5))
    step('resized', lambda: main.resize(20, 80))
    step('committed', lambda: main.commit(
        repository=named('committed'), tag='v1', message='by conformance', author='me', changes='LABEL a=b').labels)
    step('exported', lambda: 'made' in names_in(main.export()))
    step('killed', lambda: main.kill(signal='TERM'))
    step('waited', lambda: main.wait(timeout=30))
    step('killed again', main.kill)
    step('stopped', main.stop)
    step('after all', lambda: api.inspect_container(main.id)['State'])
    step('removed', lambda: main.remove(v=True))
    step('container that is not there', lambda: client.containers.get(named('main')))
    step('pruned', lambda: client.containers.prune({'label': 'prefix=%s' % PREFIX}))


def attached(client, api):
    made = api.create_container(IMAGE, ['cat'], name=named('cat'), stdin_open=True, labels={'prefix': PREFIX})
    stream = api.attach_socket(made['Id'], params={'stdin': 1, 'stdout': 1, 'stderr': 1, 'stream': 1})
    api.start(made['Id'])
    socket = getattr(stream, '_sock', stream)
    socket.sendall(b'line one\n')
    received = b''
    while b'line one' not in received:
        received += socket.recv(4096)
    step('echoed', lambda: received)
    stream.close()
    api.kill(made['Id'])
    api.wait(made['Id'])
    api.remove_container(made['Id'])


def events(client, api, since):
    wanted = {'type': ['container'], 'label': ['prefix=%s' % PREFIX], 'event': ['create', 'start', 'die', 'destroy']}
    found = api.events(since=since, until=int(time.time()) + 1, decode=True, filters=wanted)
    # The containers of a build have the label of its image, and a name that the engine makes up.
    known = lambda name: name if name.startswith(PREFIX) else '<any>'
    step('events', lambda: [[one['Type'], one['Action'], known(one['Actor']['Attributes']['name'])] for one in found])
    step('events without a time that can be read', lambda: list(api.events(since='nonsense', until='0')))


def tidy(client):
    for container in client.containers.list(all=True):
        if container.name.startswith(PREFIX):
            container.remove(force=True, v=True)
    for image in client.images.list():
        for tag in image.tags:
            if tag.startswith(PREFIX):
                client.images.remove(tag, force=True)


def main():
    client = docker.DockerClient(base_url=BASE_URL, version='auto', timeout=60)
    since = int(time.time())
    try:
        system(client, client.api)
        images(client, client.api)
        networks(client, client.api)
        volumes(client, client.api)
        containers(client, client.api)
        attached(client, client.api)
        events(client, client.api, since)
    finally:
        tidy(client)
        client.close()
    json.dump(STEPS, sys.stdout)


main()
