# Kafka Connect with the plugins of the lab: what lab/downloads.ts and lab/connect-plugin.ts do without containers.
FROM maven:3.9.11-eclipse-temurin-17 AS plugins
WORKDIR /build
COPY lab/pom.xml lab/
COPY connect/pom.xml connect/
COPY connect/src connect/src
RUN for name in debezium-postgres debezium-mariadb debezium-jdbc avro-converter; do \
      mvn -q -B --strict-checksums -f lab/pom.xml -P "$name" \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="/plugins/$name" || exit 1; \
    done
RUN for archive in /plugins/*/*.tar.gz; do tar -xzf "$archive" -C "$(dirname "$archive")" && rm "$archive" || exit 1; done
# Apicurio 2.6 ships its converter without the service file that `plugin.discovery=service_load` looks for.
RUN mkdir -p manifest/META-INF/services \
 && echo io.apicurio.registry.utils.converter.AvroConverter > manifest/META-INF/services/org.apache.kafka.connect.storage.Converter \
 && jar --create --file /plugins/avro-converter/avro-converter-manifest.jar -C manifest .
RUN mvn -q -B -f connect/pom.xml package -DskipTests \
 && mkdir /plugins/headgate \
 && cp connect/target/headgate-connect-*.jar /plugins/headgate/headgate-connect.jar

FROM apache/kafka:4.3.1
COPY --from=plugins /plugins /opt/connect-plugins
