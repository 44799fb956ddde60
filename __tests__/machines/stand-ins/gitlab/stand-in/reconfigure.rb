# `gitlab-ctl reconfigure`: takes gitlab.rb, makes the keys that gitlab-secrets.json lacks, writes the services'
# configuration, and starts them.
require 'fileutils'
require 'json'
require 'securerandom'
require 'socket'
require_relative 'gitlab_rb'

SECRETS = '/etc/gitlab/gitlab-secrets.json'
ETC = '/var/opt/gitlab/gitlab-rails/etc'

def write(file, text, mode = 0o600)
  FileUtils.mkdir_p(File.dirname(file))
  File.open(file, File::WRONLY | File::CREAT | File::TRUNC, mode) { |target| target.write(text) }
end

config = GitLabRb.evaluate('/etc/gitlab/gitlab.rb')
version = File.read(Dir['/var/lib/stand-ins/gitlab-?e'].first)[/[\d.]+\d/]
File.write('/var/lib/stand-ins/config.json', JSON.pretty_generate(config), perm: 0o600)
system('id git >/dev/null 2>&1 || useradd --system --home-dir /var/opt/gitlab --shell /bin/sh git', exception: true)
FileUtils.mkdir_p('/var/opt/gitlab')

secrets = File.exist?(SECRETS) ? JSON.parse(File.read(SECRETS)) : {}
names = %w[gitlab_rails.secret_key_base gitlab_rails.db_key_base gitlab_shell.secret_token gitlab_workhorse.secret_token]
names << 'gitlab_rails.orbit_secret' if Gem::Version.new(version) >= Gem::Version.new('19.4')
missing = names.reject { |name| secrets.dig(*name.split('.')) }
missing.each do |name|
  section, key = name.split('.')
  (secrets[section] ||= {})[key] = SecureRandom.hex(32)
end
sleep 0.2
write(SECRETS, JSON.pretty_generate(secrets)) unless missing.empty?

if config['gitaly'].key?('configuration')
  gitaly = config['gitaly']['configuration']
  FileUtils.mkdir_p(gitaly['storage'].first['path'])
  write('/var/opt/gitlab/gitaly/config.toml', JSON.generate(gitaly), 0o640)
  FileUtils.chown('root', 'git', '/var/opt/gitlab/gitaly/config.toml')
  service = 'gitaly'
else
  rails = config['gitlab_rails']
  password = rails['db_password']
  pgpass = "#{ETC}/pgpass"
  write(pgpass, "*:*:*:*:#{password}")
  write("#{ETC}/database.env", <<~ENV)
    PGHOST=#{rails['db_host']}
    PGPORT=#{rails['db_port']}
    PGDATABASE=#{rails['db_database']}
    PGUSER=#{rails['db_username']}
    PGSSLMODE=#{rails['db_sslmode']}
    PGSSLROOTCERT=#{rails['db_sslrootcert']}
    PGPASSFILE=#{pgpass}
    PGCONNECT_TIMEOUT=5
  ENV
  write("#{ETC}/secrets.yml", JSON.generate(secrets['gitlab_rails']))
  nginx = config['gitlab_rails']['nginx'].merge(config['nginx'])
  write('/var/opt/gitlab/nginx.json', JSON.generate(nginx))
  service = 'rails'
end
write('/etc/systemd/system/gitlab-runsvdir.service', <<~UNIT, 0o644)
  [Service]
  ExecStart=/opt/gitlab/stand-in/#{service}.py
  Restart=always
  [Install]
  WantedBy=multi-user.target
UNIT
system('systemctl daemon-reload && systemctl enable --quiet gitlab-runsvdir && systemctl restart gitlab-runsvdir', exception: true)
puts 'gitlab Reconfigured!'
