/**
 * Things that people do with the `docker` command. `$NAME` is what the names of all objects of a run begin with, `$NET` a free range of
 * addresses, `$DIR` an empty folder, `$SINCE` when it all began.
 */
export interface MatrixCommand {
  /** For `sh`, in which `docker` talks to the one side or the other. */
  readonly run: string;
  /** Compared by how it ends only: it shows a moment. */
  readonly momentary?: true;
}

const only = (...runs: string[]): MatrixCommand[] => runs.map((run) => ({ run }));

export const DOCKER_MATRIX: readonly MatrixCommand[] = [
  ...only(
    'docker version --format "{{.Server.Version}} {{.Server.APIVersion}} {{.Client.APIVersion}}"',
    'docker info --format "{{.ID}} {{.Driver}} {{.CgroupVersion}}"',
    'docker run --name $NAME-1 busybox echo hello',
    'docker run --rm busybox sh -c "echo out; echo err >&2; exit 42"',
    'echo piped | docker run --rm -i busybox cat',
    'script -qec "docker run --rm -it busybox sh -c \'test -t 0 && echo terminal\'" /dev/null | tr -dc a-z',
    'head -c 8000000 /dev/zero | docker run --rm -i busybox sh -c "cat | wc -c"',
    'docker run --rm --network none --read-only --tmpfs /t --cap-drop ALL --memory 64m busybox id -u',
    'docker run -d --name $NAME-2 --label matrix=$NAME -e A=1 -p 80 -v $NAME-v:/data --stop-signal KILL busybox sh -c "echo ready; exec sleep 600"',
    'docker ps --all --filter label=matrix=$NAME --format "{{.Names}} {{.Image}} {{.Command}} {{.State}}"',
    'docker inspect $NAME-2 --format "{{json .Config}}"',
    'docker inspect $NAME-2 --format "{{json .Mounts}}"',
    'for i in 1 2 3 4 5 6 7 8 9; do docker logs $NAME-2 | grep ready && break; sleep 0.2; done',
    'timeout 2 docker logs -f $NAME-2',
    'docker exec $NAME-2 sh -c "echo $HOSTNAME in; exit 3"',
    'echo through | docker exec -i $NAME-2 cat',
    'script -qec "docker exec -it $NAME-2 tty" /dev/null | tr -dc a-z0-9/',
    'docker exec -d -e B=2 -w /tmp $NAME-2 touch detached && docker exec $NAME-2 sh -c "while ! ls /tmp/detached; do sleep 0.1; done"',
    'echo content > $DIR/file && docker cp -q $DIR/file $NAME-2:/tmp/there && docker cp $NAME-2:/tmp/there - | tar -xO',
    'docker cp -q $NAME-2:/etc/passwd $DIR/passwd && cat $DIR/passwd',
    'docker cp $NAME-2:/nowhere -',
    'docker top $NAME-2 -o comm,pid | wc -l',
    'docker port $NAME-2 | wc -l',
    'docker stats --no-stream --format "{{.Name}}" $NAME-2',
    'docker diff $NAME-2 | sort',
    'docker pause $NAME-2 && docker unpause $NAME-2',
    'docker update --memory 96m --memory-swap 96m $NAME-2',
    'docker rename $NAME-2 $NAME-3 && docker inspect $NAME-3 --format "{{.Name}} {{.HostConfig.Memory}}"',
    'docker restart -t 1 $NAME-3',
    'docker commit -m message -a me --change "CMD true" $NAME-3 $NAME-image:v1 >/dev/null && docker history --no-trunc --format "{{.Comment}} {{.CreatedBy}}" $NAME-image:v1 | head -1',
    'docker export $NAME-3 | tar -t | grep -c etc/passwd',
    'docker export $NAME-3 | docker import - $NAME-image:v2 >/dev/null && docker image inspect $NAME-image:v2 --format "{{.Config.Cmd}}"',
    'docker tag $NAME-image:v1 $NAME-image:v3 && docker images --format "{{.Tag}}" $NAME-image | sort',
    'docker save $NAME-image:v1 -o $DIR/saved.tar && docker rmi $NAME-image:v1 $NAME-image:v3 >/dev/null && docker load -i $DIR/saved.tar',
    'printf "FROM busybox\\nCOPY file /file\\nRUN cat /file\\n" > $DIR/Dockerfile && docker build --no-cache --force-rm -q -t $NAME-image:built $DIR | wc -c && docker run --rm $NAME-image:built cat /file',
    'printf "FROM busybox\\nRUN exit 9\\n" | docker build --no-cache --force-rm - 2>&1 | grep -v -e DEPRECATED -e Install -e "https://" -e "^$"',
    'docker kill -s KILL $NAME-3 && docker wait $NAME-3',
    'docker start -a $NAME-1',
    'docker network create --label matrix=$NAME --subnet $NET $NAME-net >/dev/null && docker network inspect $NAME-net --format "{{json .IPAM}} {{json .Labels}}"',
    'docker network connect --alias friend $NAME-net $NAME-1 && docker network disconnect $NAME-net $NAME-1 && docker network rm $NAME-net',
    'docker volume ls -q --filter name=$NAME && docker volume rm $NAME-v',
    'docker rm -f $NAME-1 $NAME-3',
    'docker volume rm $NAME-v && docker volume inspect $NAME-v',
    'docker rmi $NAME-image:v1 $NAME-image:v2 $NAME-image:built | grep -c Untagged',
    'docker events --since $SINCE --until $(($(date +%s) + 1)) --filter label=matrix=$NAME --format "{{.Type}} {{.Action}}" | grep -v -e health -e exec_ | sort',
    'docker rm nothing-by-this-name',
    'docker run --rm busybox /nonexistent',
    'docker run --rm --memory 1k busybox true',
  ),
  { run: 'docker system df', momentary: true },
  { run: 'docker container prune -f --filter label=matrix=$NAME', momentary: true },
  ...only(
    'docker service create -q --detach --name $NAME-s --label matrix=$NAME --replicas 1 busybox sh -c "echo served; exec sleep 600" >/dev/null; docker service ls --filter name=$NAME-s --format "{{.Name}} {{.Mode}} {{.Image}}"',
    'docker service inspect $NAME-s --format "{{json .Spec}}"',
    'for i in $(seq 50); do docker service logs --raw $NAME-s 2>/dev/null | grep served && break; sleep 0.2; done',
    'docker service update -q --detach --label-add two=2 $NAME-s && docker service inspect $NAME-s --format "{{json .Spec.Labels}}"',
    'docker service ps $NAME-s --format "{{.Name}} {{.Image}} {{.DesiredState}}"',
    'docker service rm $NAME-s',
    'echo hidden | docker secret create $NAME-secret - >/dev/null && docker secret ls --filter name=$NAME --format "{{.Name}}"',
    'printf "version: \\"3.8\\"\\nservices:\\n  web:\\n    image: busybox\\n    command: sleep 600\\n    stop_grace_period: 0s\\n" > $DIR/stack.yml && docker stack deploy --detach=true -c $DIR/stack.yml $NAME-k && docker stack services $NAME-k --format "{{.Name}} {{.Image}}"',
    'docker stack rm $NAME-k',
    'docker secret rm $NAME-secret',
    'docker node ls --format "{{.Self}} {{.Availability}} {{.ManagerStatus}}"',
  ),
];

/** What the door says in other words than the engine, and why. */
export const OTHER_WORDS: readonly { readonly bare: string; readonly door: string; readonly why: string }[] =
  [
    {
      bare: 'get <name>-v: no such volume',
      door: 'No such volume: <name>-v',
      why: 'what is not there, and what may not be seen, are told of in the same words',
    },
    {
      bare: '/nowhere in container <name>-2',
      door: '/nowhere in container <id>',
      why: 'the engine is asked by the id that the name was resolved to',
    },
  ];
